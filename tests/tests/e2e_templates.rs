//! A network's own words: checked before they are kept, read as they stand, never overwritten unseen, and gone when reset.

use proto::notification::v1 as wire;
use tests::desk::Desk;
use tests::engines::for_each_engine;
use tests::refused::{code_and_reason, granted, refused};
use tests::test_server::Who;
use tests::town::NETWORK;
use tests::town_desk::request_id;
use tonic::Code;

fn name(slug: &str) -> String {
    format!("{NETWORK}/templates/{slug}")
}

fn text(part: &str, language: &str, text: &str) -> wire::TemplateText {
    wire::TemplateText { part: part.to_owned(), language: language.to_owned(), text: text.to_owned() }
}

fn update(etag: &str, texts: &[wire::TemplateText]) -> wire::UpdateTemplateRequest {
    wire::UpdateTemplateRequest {
        template: Some(wire::Template {
            name: name("offer"),
            etag: etag.to_owned(),
            texts: texts.to_vec(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["texts".to_owned()] }),
        request_id: request_id(),
        validate_only: false,
    }
}

async fn template(desk: &Desk) -> wire::Template {
    let request = wire::GetTemplateRequest { name: name("offer") };
    granted(desk.templates.clone().get_template(request).await).template.expect("a template")
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_kept_replaced_and_reset() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let first = template(&city).await;
        assert_eq!((first.texts.len(), first.default_texts.len(), first.etag.as_str()), (0, 9, "v0"));
        assert!(first.variables.contains(&"link".to_owned()) && first.update_time.is_none());

        let two = [text("sms", "fi", "Hei! { $kind } { $when }: { $link }"), text("subject", "sv", "{ $kind }?")];
        let kept = update(&first.etag, &two);
        let done = granted(city.templates.clone().update_template(kept.clone()).await).template.expect("a template");
        assert_eq!(done.texts, two);
        let again = granted(city.templates.clone().update_template(kept.clone()).await).template.expect("a template");
        assert_eq!(again, done, "a repeat has no second effect");
        // Somebody who had read the words before does not overwrite them.
        let stale = city.templates.clone().update_template(update("v0", &[])).await;
        assert_eq!(code_and_reason(stale), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
        assert_eq!(template(&server.desk(Who::Ops)).await, done);

        let preview = wire::PreviewNotificationRequest {
            parent: NETWORK.to_owned(),
            template: "offer".to_owned(),
            texts: Vec::new(),
        };
        let shown = granted(city.notifications.clone().preview_notification(preview).await).previews;
        let sms = shown.iter().find(|one| one.segment_count > 0 && one.language == "fi").expect("a text message");
        assert!(sms.text.starts_with("Hei! Kauppa-apu") && (1..=160).contains(&sms.septet_count), "{sms:?}");
        let other = shown.iter().find(|one| one.segment_count > 0 && one.language == "en").expect("a text message");
        assert!(!other.text.starts_with("Hei!"), "the service's words where there are none of one's own: {other:?}");

        let wrong = [two[0].clone(), text("body", "en", "{ $name } of { $street }, { $kind }")];
        let told = refused(city.templates.clone().update_template(update("", &wrong)).await);
        assert_eq!(told.fields, ["template.texts[1].text"]);
        assert_eq!(template(&city).await, done, "nothing of it is kept");

        let reset = wire::ResetTemplateRequest { name: name("offer"), language: "sv".to_owned(), ..Default::default() };
        let left = granted(city.templates.clone().reset_template(reset).await).template.expect("a template");
        assert_eq!(left.texts, two[..1]);
        let reset = wire::ResetTemplateRequest { name: name("offer"), ..Default::default() };
        let left = granted(city.templates.clone().reset_template(reset).await).template.expect("a template");
        assert_eq!((left.texts.len(), left.etag.as_str()), (0, "v0"));
        let again = granted(city.templates.clone().update_template(kept).await).template.expect("a template");
        assert_eq!(again, done, "a repeat has the first answer, whatever came after");
        assert_eq!(template(&city).await, left);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_in_pages_and_belong_to_the_city() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let mut listed = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = wire::ListTemplatesRequest { parent: NETWORK.to_owned(), page_size: 7, page_token };
            let page = granted(city.templates.clone().list_templates(request).await);
            assert!(page.templates.len() <= 7);
            listed.extend(page.templates.into_iter().map(|template| template.name));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert!(listed.is_sorted() && listed.len() == 19 && listed.contains(&name("assigned")), "{listed:?}");
        for who in [Who::Association, Who::Volunteer, Who::Site, Who::CallCentre] {
            let asked = server.desk(who).templates.clone().update_template(update("", &[])).await;
            assert_eq!(code_and_reason(asked), (Code::PermissionDenied, "PERMISSION_MISSING".to_owned()), "{who:?}");
        }
        let foreign = server.desk(Who::ForeignCity).templates.clone().update_template(update("", &[])).await;
        assert_eq!(code_and_reason(foreign), (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned()));
        server.stop().await;
    })
    .await;
}
