// The buttons over the text: each writes Markdown around or before what is selected, or takes it away again.
import { replace, selected } from "./editor-caret.js";

const LINE_MARK = /^(#{1,6} |- |\d+\. )?/;

function lines(area) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = area.value.indexOf("\n", area.selectionEnd);
  const end = next < 0 ? area.value.length : next;
  return { start, end, texts: area.value.slice(start, end).split("\n") };
}

function rewrite(area, change) {
  const { start, end, texts } = lines(area);
  const isAlone = texts.length === 1;
  const text = texts.map(change).join("\n");
  replace(area, start, end, text, isAlone ? text.length : 0, text.length);
}

const isEvery = (area, mark) => lines(area).texts.every((line) => mark.test(line));
const bare = (line) => line.replace(LINE_MARK, "");

const FORMATS = {
  // A section, then a part of it, then plain text again.
  heading(area) {
    const [line] = lines(area).texts;
    const mark = line.startsWith("### ") ? "" : line.startsWith("## ") ? "### " : "## ";
    rewrite(area, (text) => mark + bare(text));
  },
  list(area) {
    const off = isEvery(area, /^- /);
    rewrite(area, (line) => (off ? bare(line) : `- ${bare(line)}`));
  },
  steps(area) {
    const off = isEvery(area, /^\d+\. /);
    rewrite(area, (line, index) => (off ? bare(line) : `${index + 1}. ${bare(line)}`));
  },
  bold(area) {
    const { selectionStart: start, selectionEnd: end } = area;
    const text = selected(area);
    if (area.value.slice(start - 2, start) === "**" && area.value.slice(end, end + 2) === "**") {
      replace(area, start - 2, end + 2, text, 0, text.length);
    } else {
      replace(area, start, end, `**${text}**`, 2, 2 + text.length);
    }
  },
  link(area) {
    const text = selected(area) || "texto del enlace";
    const start = text.length + 3;
    const had = Boolean(selected(area));
    const link = `[${text}](https://)`;
    // What is still to be written is what stays selected.
    replace(area, area.selectionStart, area.selectionEnd, link, had ? start : 1, had ? link.length - 1 : 1 + text.length);
  },
};

for (const bar of document.querySelectorAll("[data-toolbar]")) {
  const area = document.getElementById(bar.dataset.toolbar);
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const format = event.target.closest("[data-format]")?.dataset.format;
    if (format) FORMATS[format](area);
    const dialog = event.target.closest("[data-open-dialog]")?.dataset.openDialog;
    if (dialog) document.getElementById(dialog).showModal();
  });
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
  dialog.addEventListener("close", () => document.getElementById("id_body")?.focus());
}
