"""How the page looks: colours for light and dark, spacing, focus, phone and wide screen.

Knows gradio's theme variables and style sheets. Does not know what the page says.
"""

import gradio as gr
from gradio.themes.utils import colors, fonts

_ACCENT = colors.Color(
    name="pine",
    c50="#f0f7f4",
    c100="#dcece6",
    c200="#bbdacf",
    c300="#92c3b3",
    c400="#66a894",
    c500="#468b78",
    c600="#2f6f60",
    c700="#27594e",
    c800="#21483f",
    c900="#1c3b35",
    c950="#0d221e",
)

_INK = colors.Color(
    name="ink",
    c50="#f8f7f4",
    c100="#f0efea",
    c200="#e2e1da",
    c300="#cccbc2",
    c400="#9d9d95",
    c500="#6b6d68",
    c600="#50544f",
    c700="#3a403d",
    c800="#262c2b",
    c900="#1b2120",
    c950="#131817",
)

# The page asks nobody but this machine, whatever a reply may contain.
HEAD = """
<meta http-equiv="Content-Security-Policy" content="default-src 'self' data: blob:
 'unsafe-inline' 'unsafe-eval'; form-action 'self'; base-uri 'self'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
"""


def theme() -> gr.themes.Base:
    """The theme; its fonts lie in the gradio package, so nothing is fetched from outside."""
    # Bold stands in for the half-bold cut, of which gradio ships only a few letters.
    base = gr.themes.Base(
        primary_hue=_ACCENT,
        secondary_hue=_ACCENT,
        neutral_hue=_INK,
        radius_size="lg",
        font=(fonts.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"),
        font_mono=(fonts.LocalFont("IBM Plex Mono", weights=(400,)), "ui-monospace", "monospace"),
    )
    return base.set(**_SURFACES, **_CONTROLS)


_SURFACES = {
    "body_background_fill": "*neutral_50",
    "body_background_fill_dark": "*neutral_950",
    "body_text_color": "*neutral_900",
    "body_text_color_dark": "*neutral_100",
    "body_text_color_subdued": "*neutral_500",
    "body_text_color_subdued_dark": "*neutral_400",
    "background_fill_primary": "white",
    "background_fill_primary_dark": "*neutral_900",
    "background_fill_secondary": "*neutral_100",
    "background_fill_secondary_dark": "*neutral_800",
    "block_background_fill": "white",
    "block_background_fill_dark": "*neutral_900",
    "block_border_color": "*neutral_200",
    "block_border_color_dark": "*neutral_700",
    "border_color_primary": "*neutral_200",
    "border_color_primary_dark": "*neutral_700",
    "block_shadow": "none",
    "block_label_text_color": "*neutral_600",
    "block_label_text_color_dark": "*neutral_300",
    "block_title_text_color": "*neutral_600",
    "block_title_text_color_dark": "*neutral_300",
    "block_info_text_color": "*neutral_500",
    "block_info_text_color_dark": "*neutral_400",
    "color_accent_soft": "*primary_50",
    "color_accent_soft_dark": "*primary_900",
    "border_color_accent": "*primary_300",
    "border_color_accent_dark": "*primary_700",
    "link_text_color": "*primary_700",
    "link_text_color_dark": "*primary_300",
}

_CONTROLS = {
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_dark": "*primary_300",
    "button_primary_background_fill_hover_dark": "*primary_200",
    "button_primary_text_color": "white",
    "button_primary_text_color_dark": "*primary_950",
    "button_secondary_background_fill": "white",
    "button_secondary_background_fill_hover": "*neutral_100",
    "button_secondary_border_color": "*neutral_300",
    "button_secondary_border_color_dark": "*neutral_600",
    "button_border_width": "1px",
    "button_border_width_dark": "1px",
    "button_secondary_background_fill_dark": "*neutral_800",
    "button_secondary_background_fill_hover_dark": "*neutral_700",
    "button_secondary_text_color": "*neutral_900",
    "button_secondary_text_color_dark": "*neutral_100",
    "button_cancel_background_fill": "#fbeeea",
    "button_cancel_background_fill_hover": "#f6ded7",
    "button_cancel_background_fill_dark": "#43241d",
    "button_cancel_background_fill_hover_dark": "#562e25",
    "button_cancel_text_color": "#93331f",
    "button_cancel_text_color_dark": "#f3b8a8",
    "button_cancel_border_color": "#ecc9bf",
    "button_cancel_border_color_dark": "#6b3a2f",
    "input_background_fill": "white",
    "input_background_fill_dark": "*neutral_950",
    "input_border_width": "1px",
    "input_border_width_dark": "1px",
    "input_border_color": "*neutral_300",
    "input_border_color_dark": "*neutral_700",
    "input_border_color_focus": "*primary_500",
    "input_border_color_focus_dark": "*primary_300",
    "input_placeholder_color": "*neutral_500",
    "input_placeholder_color_dark": "*neutral_400",
    "checkbox_background_color_selected": "*primary_600",
    "checkbox_background_color_selected_dark": "*primary_400",
    "checkbox_border_color": "*neutral_400",
    "checkbox_border_color_dark": "*neutral_500",
}
