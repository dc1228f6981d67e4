// Writing into a textarea from a button: at the caret, and so that Ctrl + Z takes it back.

export function replace(area, start, end, text, selectFrom = text.length, selectTo = selectFrom) {
  area.focus();
  area.setSelectionRange(start, end);
  // The only call that keeps the browser's own undo; where it is missing, the text still gets there.
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done && area.value.slice(start, start + text.length) !== text) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + selectFrom, start + selectTo);
}

export function insert(area, text) {
  replace(area, area.selectionStart, area.selectionEnd, text);
}

// A block of its own: pictures stand between empty lines.
export function insertBlock(area, text) {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  insert(area, lead + text + tail);
}

export function selected(area) {
  return area.value.slice(area.selectionStart, area.selectionEnd);
}
