// Only the sections of the chosen topic are offered.
const topic = document.getElementById("id_category");
const section = document.getElementById("id_section");

function offer() {
  const name = topic.selectedOptions[0]?.value ? topic.selectedOptions[0].textContent.trim() : "";
  for (const group of section.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = group.label.trim() !== name;
    if (group.disabled && group.contains(section.selectedOptions[0])) section.value = "";
  }
}

topic.addEventListener("change", offer);
offer();
