// When to ask for suggestions: when the writer pauses, pastes or goes on to the next field.

const LONGEST_MS = 2000;

/** Calls `ask` after a pause in `field`, or two seconds into steady typing. */
export function watchTyping(field, pauseMs, ask) {
  let pause = null;
  let longest = null;
  let composing = false;

  const now = () => {
    clearTimeout(pause);
    clearTimeout(longest);
    pause = longest = null;
    ask();
  };
  const typed = (event) => {
    if (composing) return;
    clearTimeout(pause);
    if (event?.inputType === "insertFromPaste" || event?.inputType === "insertFromDrop") return now();
    pause = setTimeout(now, pauseMs);
    longest ??= setTimeout(now, LONGEST_MS);
  };

  // Half-composed characters are nobody's words yet.
  field.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(pause);
    clearTimeout(longest);
    longest = null;
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  field.addEventListener("input", typed);
  field.addEventListener("blur", () => {
    if (pause !== null) now();
  });
}
