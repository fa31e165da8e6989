/* The chart of days: says the day under the pointer, and opens the days that are drawn over.
   Without it the table beneath says the same, and its days are links. */

const SVG = "http://www.w3.org/2000/svg";

function start(chart) {
  const drawing = chart.querySelector("svg");
  const said = chart.querySelector("[data-trend-said]");
  const days = [...drawing.querySelectorAll("g[data-day]")];
  const cover = drawing.appendChild(document.createElementNS(SVG, "rect"));
  const step = drawing.viewBox.baseVal.width / days.length;
  let from = null;

  cover.setAttribute("class", "trend-chosen");
  cover.setAttribute("y", "0");
  cover.setAttribute("height", "100");
  cover.setAttribute("width", "0");
  chart.dataset.trendLive = "";
  said.hidden = false;

  const at = (event) => {
    const box = drawing.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    return Math.min(days.length - 1, Math.max(0, Math.floor(part * days.length)));
  };
  const show = (first, last) => {
    const [low, high] = [Math.min(first, last), Math.max(first, last)];
    cover.setAttribute("x", String(low * step));
    cover.setAttribute("width", String((high - low + 1) * step));
    return [low, high];
  };
  const clear = () => {
    from = null;
    cover.setAttribute("width", "0");
  };

  drawing.addEventListener("pointermove", (event) => {
    const here = at(event);
    said.textContent = days[here].querySelector("title").textContent;
    if (from !== null) show(from, here);
  });
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = at(event);
    drawing.setPointerCapture(event.pointerId);
    show(from, from);
  });
  drawing.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const [low, high] = show(from, at(event));
    clear();
    if (low === high) return;
    const there = new URL(location.href);
    there.searchParams.delete("days");
    there.searchParams.set("from", days[low].dataset.day);
    there.searchParams.set("to", days[high].dataset.day);
    location.assign(there);
  });
  drawing.addEventListener("pointercancel", clear);
}

for (const chart of document.querySelectorAll("[data-trend]")) start(chart);
