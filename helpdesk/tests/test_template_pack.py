"""resguardo, our crispy pack: label, help, error, control, under the ids that Django itself announces."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms
from django.template import Context, Template

VALID = {"name": "Lucía", "email": "lucia@example.com", "body": "Hola", "reason": "a"}


class SampleForm(forms.Form):
    name = forms.CharField(label="Nombre completo")
    email = forms.EmailField(label="Correo electrónico", help_text="Para la respuesta", initial="lucia@")
    body = forms.CharField(label="Descripción", widget=forms.Textarea)
    reason = forms.ChoiceField(label="Motivo", choices=[("a", "Uno"), ("b", "Dos")], widget=forms.RadioSelect)
    keep = forms.BooleanField(label="Mantener la sesión", required=False)
    file = forms.FileField(label="Capturas", help_text="PNG o JPG", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(template: str, form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}" + template).render(Context({"form": form}))


@pytest.fixture
def failed():
    return SampleForm({"email": "lucia@"})


def test_pack_puts_label_help_error_and_control_in_this_order(failed):
    html = draw("{{ form|crispy }}", failed)
    field = html[html.index('id="div_id_email"') :]
    places = [field.index(part) for part in ("<label", "_helptext", 'class="error"', "<input")]
    assert places == sorted(places)
    assert 'id="div_id_email" data-error' in html


def test_pack_describes_controls_by_ids_that_exist(failed):
    html = draw("{{ form|crispy }}", failed)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert "id_email_helptext" in described
    assert "id_email_error" in described
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert set(described) <= set(ids)
    assert len(ids) == len(set(ids))


def test_pack_labels_every_control(failed):
    html = draw("{{ form|crispy }}", failed)
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    controls = re.findall(r"<(?:input|textarea)(?![^>]*hidden)[^>]*>", html)
    assert len(controls) == 7
    assert {re.search(r'\sid="([^"]+)"', control).group(1) for control in controls} == labelled


def test_pack_groups_radios_under_a_legend(failed):
    html = draw("{{ form|crispy }}", failed)
    group = html[html.index("<fieldset") : html.index("</fieldset>")]
    assert "<legend>Motivo</legend>" in group
    assert 'aria-describedby="id_reason_error"' in group
    assert group.count('type="radio"') == 2


def test_pack_frames_file_inputs_as_drop_zone():
    assert re.search(r'data-drop-zone><input type="file"', draw("{{ form|crispy }}", SampleForm()))


def test_pack_escapes_what_was_typed():
    html = draw("{{ form|crispy }}", SampleForm({"name": '"><script>', "email": "x"}))
    assert "<script>" not in html


def test_pack_draws_a_whole_form_from_its_helper():
    form = SampleForm()
    form.helper = FormHelper()
    form.helper.form_id = "alta"
    form.helper.layout = Layout(
        Fieldset("Quién eres", "name", "email"),
        Div("body", "file", css_class="stack"),
        HTML("<p>Nota</p>"),
        ButtonHolder(Submit("enviar", "Enviar ticket")),
    )
    html = draw("{% crispy form %}", form)
    assert re.search(
        r'<form [^>]*id="alta"[^>]* method="post" novalidate enctype="multipart/form-data">', html
    )
    assert "<legend>Quién eres</legend>" in html
    assert re.search(r'<button type="submit" class="button"[^>]* name="enviar"', html)
    assert " style=" not in html


def test_pack_draws_formsets():
    html = draw("{% crispy form %}", forms.formset_factory(SampleForm, extra=2)())
    assert html.count('class="field"') == 12
    assert 'name="form-TOTAL_FORMS"' in html


def test_error_summary_links_every_error_to_its_control(failed):
    html = draw('{% include "components/error_summary.html" %}', failed)
    assert "Hay 4 cosas que revisar" in html
    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_email", "id_body", "id_reason_0"]
    assert 'role="alert"' in html


def test_error_summary_counts_one_in_the_singular():
    html = draw('{% include "components/error_summary.html" %}', SampleForm({**VALID, "name": ""}))
    assert "Hay una cosa que revisar" in html


def test_error_summary_is_absent_without_errors():
    assert "error-summary" not in draw('{% include "components/error_summary.html" %}', SampleForm(VALID))
