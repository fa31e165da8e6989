// When to ask for suggestions: when the writer pauses, pastes or goes on to the next field.

const LONGEST_MS = 2000;

/**
 * Calls `ask` after a pause in `field`, or two seconds into steady typing; and `ahead`, if given,
 * `aheadMs` before the pause is over.
 */
export function watchTyping(field, pauseMs, ask, { ahead, aheadMs = 0 } = {}) {
  let early = null;
  let pause = null;
  let longest = null;
  let composing = false;

  const now = () => {
    stop();
    ask();
  };
  const stop = () => {
    [early, pause, longest].forEach(clearTimeout);
    early = pause = longest = null;
  };
  const typed = (event) => {
    if (composing) return;
    clearTimeout(early);
    clearTimeout(pause);
    if (event?.inputType === "insertFromPaste" || event?.inputType === "insertFromDrop") return now();
    if (ahead) early = setTimeout(ahead, pauseMs - aheadMs);
    pause = setTimeout(now, pauseMs);
    longest ??= setTimeout(now, LONGEST_MS);
  };

  // Half-composed characters are nobody's words yet.
  field.addEventListener("compositionstart", () => {
    composing = true;
    stop();
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
