//! Templates: the service's words and a network's own.

use ::notification::{Template, Wording, Words, render};
use domain::text::ServiceLanguage;
use domain::{NetworkId, Refusal};
use proto::notification::v1 as wire;

use super::{name, time};

const COLLECTION: &str = "templates";
const LANGUAGES: [ServiceLanguage; 3] = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];

/// The template of a name's last segment.
///
/// # Errors
/// "No such template", as for any resource that is not there.
pub(crate) fn known(network: &NetworkId, slug: &str) -> Result<Template, Refusal> {
    Template::from_slug(slug)
        .ok_or_else(|| Refusal::not_found("template", format!("{}/{COLLECTION}/{slug}", name::of_network(network))))
}

/// Reads the name of a template: the network, and the last segment.
pub(crate) fn named(text: &str) -> Result<(NetworkId, String), name::NameError> {
    name::within::<String>(COLLECTION, text)
}

/// A template without the words of the service.
pub(crate) fn of(network: &NetworkId, wording: &Wording) -> wire::Template {
    let template = wording.template;
    wire::Template {
        name: format!("{}/{COLLECTION}/{}", name::of_network(network), template.slug()),
        code: template.code().to_owned(),
        parts: template.parts().iter().map(|part| part.code().to_owned()).collect(),
        variables: template.variables().iter().map(|&name| name.to_owned()).collect(),
        texts: wording.own.iter().map(text).collect(),
        default_texts: Vec::new(),
        etag: format!("v{}", wording.version),
        update_time: wording.update_time.map(time::of),
    }
}

/// The same with them.
pub(crate) fn whole(network: &NetworkId, wording: &Wording) -> wire::Template {
    let template = wording.template;
    let mut whole = of(network, wording);
    for part in template.parts() {
        for language in LANGUAGES {
            if let Some(shipped) = render::shipped(template, *part, language) {
                whole.default_texts.push(text(&Words { part: *part, language, text: shipped }));
            }
        }
    }
    whole
}

fn text(words: &Words) -> wire::TemplateText {
    wire::TemplateText {
        part: words.part.code().to_owned(),
        language: store::language_code(words.language).to_owned(),
        text: words.text.clone(),
    }
}
