// A mark on the line of a visual analogue scale. Nothing is marked until it is touched, and what is sent is the number
// field alone: empty stays empty.
const THUMB = 28;

for (const line of document.querySelectorAll(".app-vas__line")) {
  const field = document.getElementById(line.dataset.vas);
  const [min, max] = [Number(line.dataset.min), Number(line.dataset.max)];
  const middle = Math.round((min + max) / 2);

  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min, max, step: 1, className: "app-vas__slider", autocomplete: "off" });
  slider.setAttribute("aria-label", line.dataset.name);
  const clear = document.createElement("button");
  Object.assign(clear, { type: "button", className: "app-linkbutton app-vas__clear", textContent: line.dataset.clear });
  const how = document.createElement("p");
  Object.assign(how, { className: "app-vas__how", textContent: line.dataset.how });
  line.before(how);
  line.append(slider);
  field.after(clear);

  const show = (number) => {
    const isMarked = number !== null;
    slider.value = isMarked ? number : middle;
    slider.classList.toggle("app-vas__slider--empty", !isMarked);
    slider.setAttribute("aria-valuetext", isMarked ? line.dataset.marked.replace("{number}", number) : line.dataset.empty);
    clear.hidden = !isMarked;
  };
  const typed = () => {
    const text = field.value.trim();
    const number = Number(text);
    return /^-?\d+$/.test(text) && number >= min && number <= max ? number : null;
  };
  const mark = (number) => {
    field.value = number;
    show(number);
  };

  slider.addEventListener("input", () => mark(Number(slider.value)));
  slider.addEventListener("keydown", (event) => {
    // Where there is no mark, Home and End may find the slider at their end already, and space marks the middle.
    const end = { Home: min, End: max, " ": middle }[event.key];
    if (typed() !== null || end === undefined) return;
    event.preventDefault();
    mark(end);
  });
  field.addEventListener("input", () => show(typed()));
  clear.addEventListener("click", () => {
    field.value = "";
    show(null);
    field.focus();
  });

  // The pointer is read here and not by the slider: some browsers move a thumb only when it is met, and it is unseen.
  const pointed = (event) => {
    const box = slider.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left - THUMB / 2) / (box.width - THUMB), 0), 1);
    const isMirrored = getComputedStyle(line).direction === "rtl";
    return Math.round(min + (isMirrored ? 1 - share : share) * (max - min));
  };
  let from = null;
  let before = null;
  line.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    from = event.clientX;
    before = typed();
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener("pointermove", (event) => {
    if (from !== null && Math.abs(event.clientX - from) > 3) mark(pointed(event));
  });
  line.addEventListener("pointerup", (event) => {
    if (from === null) return;
    from = null;
    mark(pointed(event));
  });
  // After a touch the browser pretends a press of a mouse, which takes the focus; a click comes last.
  line.addEventListener("click", () => slider.focus({ preventScroll: true }));
  line.addEventListener("pointercancel", () => {
    // A finger that scrolls the page over the line has not marked it.
    if (from !== null && typed() !== before) {
      field.value = before ?? "";
      show(before);
    }
    from = null;
  });

  show(typed());
  // A browser that goes back may fill in the field after this has run.
  window.addEventListener("pageshow", () => show(typed()));
}
