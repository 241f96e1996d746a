//! An e-mail: subject, text part, HTML part made from MJML, and the calendar entry if it has one.

use mrml::prelude::render::RenderOptions;

use super::words::RenderError;

/// An e-mail, ready to be addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The calendar file and its method, if any.
    pub calendar: Option<(String, &'static str)>,
}

/// The HTML part: each paragraph of the text, a link by itself as a button.
pub(super) fn html(subject: &str, text: &str, button: &str, language: &str) -> Result<String, RenderError> {
    let mut parts = String::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        if paragraph.starts_with("https://") || paragraph.starts_with("http://") {
            let link = escape(paragraph);
            parts.push_str(&format!(
                "<mj-button href=\"{link}\" background-color=\"#1d4e89\" color=\"#ffffff\" font-size=\"18px\">{}</mj-button>\
                 <mj-text font-size=\"13px\">{link}</mj-text>",
                escape(button)
            ));
        } else {
            let lines: Vec<String> = paragraph.lines().map(escape).collect();
            parts.push_str(&format!("<mj-text>{}</mj-text>", lines.join("<br />")));
        }
    }
    // No font from elsewhere: reading a letter tells nobody.
    let source = format!(
        "<mjml lang=\"{language}\"><mj-head><mj-title>{}</mj-title><mj-attributes>\
         <mj-all font-family=\"Arial, sans-serif\" font-size=\"17px\" line-height=\"1.5\" color=\"#1b1b1b\" /></mj-attributes></mj-head>\
         <mj-body width=\"560px\"><mj-section><mj-column>{parts}</mj-column></mj-section></mj-body></mjml>",
        escape(subject)
    );
    let unreadable = |error: String| RenderError::Unreadable(error);
    let parsed = mrml::parse(source).map_err(|error| unreadable(error.to_string()))?;
    parsed.element.render(&RenderOptions::default()).map_err(|error| unreadable(error.to_string()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
