// Suggestions come up between two fields: nothing moves there but as the answer to a key, and
// never what somebody is writing in.

// Browsers hold a page to account for what moves more than half a second after a key, and so do
// people; of that a slow phone needs the rest to draw.
const ANSWER_MS = 430;

/**
 * Changes of `box` that leave the rest of `form` where it is.
 *
 * `change(act)` lets `act` change the box and returns true, or false where it has to wait for the
 * next key, when `released` is called; a press in the box is as good as one. Where the box becomes
 * smaller too late, its room stays until that key. What is written in below the box keeps its place
 * by scrolling.
 */
export function steady(form, box, released) {
  let keyAt = -Infinity;
  const pressed = () => (keyAt = performance.now());
  form.addEventListener("keydown", pressed, true);
  // What is pressed among the suggestions is answered among them.
  box.addEventListener("click", pressed, true);
  form.addEventListener("input", () => {
    pressed();
    if (box.style.minBlockSize) hold(leaveRoom);
    released();
  });
  return { change, answer: pressed };

  function change(act, { grows }) {
    const isLate = performance.now() - keyAt > ANSWER_MS;
    if (isLate && grows && !written()) return false;
    const height = box.getBoundingClientRect().height;
    hold(() => {
      leaveRoom();
      act();
      if (isLate && !grows && height) keepRoom(height);
    });
    return true;
  }

  function hold(act) {
    const place = written();
    const top = place?.getBoundingClientRect().top;
    act();
    if (place) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** The field below the box that has the focus. */
  function written() {
    const field = document.activeElement;
    const isBelow = box.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING;
    return isBelow && form.contains(field) && field.matches("input, textarea, select") ? field : null;
  }

  function keepRoom(height) {
    box.style.minBlockSize = `${height}px`;
    box.classList.add("suggestions-room");
  }

  function leaveRoom() {
    box.style.minBlockSize = "";
    box.classList.remove("suggestions-room");
  }
}
