// After a form comes back, the focus goes to what happened: the errors first, else the notice.
const target = document.querySelector(".error-summary[data-focus-notice], [data-focus-notice]");
if (target && !location.hash) target.focus({ preventScroll: false });
