// A matching sentence: escaped text with <mark> around matches, read by hand, never as HTML.

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#34;": '"', "&#39;": "'" };

/** Nodes for "plain <mark>match</mark> plain". */
export function markedNodes(snippet) {
  const nodes = [];
  snippet.split(/<(\/?)mark>/).forEach((part, at, parts) => {
    if (at % 2 || !part) return;
    const text = part.replace(/&(amp|lt|gt|quot|#34|#39);/g, (found) => ENTITIES[found]);
    if (parts[at - 1] === "" && at > 0) {
      const mark = document.createElement("mark");
      mark.textContent = text;
      nodes.push(mark);
    } else {
      nodes.push(document.createTextNode(text));
    }
  });
  return nodes;
}
