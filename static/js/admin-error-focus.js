// A form that came back with errors: the note that says so is announced and gets the focus.
const note = document.querySelector(".errornote");
if (note) {
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  note.focus();
}
