//! Every template in every language: readable, short enough, of the right alphabet, with plural forms; and a network's own words.

use std::fmt::Write as _;

use domain::text::ServiceLanguage;
use domain::{NetworkId, TimeWindow, Timestamp};

use crate::render::{self, Overrides, RenderError, SEGMENTS_MAX, Values, Word, calendar, gsm7};
use crate::template::{CalendarMethod, Part, Template};

const LANGUAGES: [ServiceLanguage; 3] = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];
const BASE: &str = "https://auta.kouvola.example/r/";

/// The longest sensible values: a long kind, the longest town, the latest date, a long address of the service.
fn longest(language: ServiceLanguage) -> Values {
    let text = |text: &str| Word::Text(text.to_owned());
    let mut values = render::sample(language, "https://vapaaehtoiset.hameenlinna.example/r/");
    values.insert("kind", text("Saattoapu – lääkäriin tai sairaalaan ja takaisin kotiin"));
    values.insert("area", text(", Pedersören kunta, Ähtävänjoki\u{a0}länsi"));
    values.insert("minutes", Word::Number(720));
    let late: Timestamp = "2026-12-30T21:59:00Z".parse().expect("instant");
    values.insert("when", Word::Text(render::moment::day_and_time(late, language)));
    values.insert("until", Word::Text(render::moment::day_and_time(late, language)));
    values
}

fn spoken() -> impl Iterator<Item = (Template, ServiceLanguage)> {
    let templates = Template::ALL.iter().copied().filter(|template| !template.parts().is_empty());
    templates.flat_map(|template| LANGUAGES.map(|language| (template, language)))
}

#[test]
fn every_text_message_fits_two_segments_of_its_alphabet() {
    for (template, language) in spoken() {
        let sms = render::sms(template, language, &longest(language), &Overrides::new());
        let sms = sms.unwrap_or_else(|error| panic!("{} {language:?}: {error}", template.code()));
        assert!(sms.text.chars().all(|c| gsm7::septets(c).is_some()), "{}", sms.text);
        assert_eq!(gsm7::segments(&sms.text), Some(sms.segments));
        assert!(sms.segments <= SEGMENTS_MAX, "{} {language:?}: {}", template.code(), sms.text);
        assert!(!sms.text.contains('{') && !sms.text.contains('\u{2068}'), "{}", sms.text);
    }
}

#[test]
fn every_text_reads_as_it_did() {
    let mut shown = String::new();
    for (template, language) in spoken() {
        let values = render::sample(language, BASE);
        let sms = render::sms(template, language, &values, &Overrides::new()).expect("text");
        let mail = render::mail(template, language, &values, &Overrides::new()).expect("letter");
        let _ = writeln!(shown, "== {} {language:?}, {} segment(s)", template.code(), sms.segments);
        let _ = writeln!(shown, "sms: {}\nsubject: {}\nbody: {}", sms.text, mail.subject, mail.text);
        if template.parts().contains(&Part::Call) {
            let call = render::call(template, language, &values, &Overrides::new()).expect("call");
            let _ = writeln!(shown, "call: {call}");
        }
    }
    insta::assert_snapshot!("texts", shown);
}

#[test]
fn a_letter_has_a_text_and_an_html_part_and_loads_nothing() {
    let mut values = render::sample(ServiceLanguage::Sv, BASE);
    values.insert("kind", Word::Text("<b>Fara</b> & \"glädje\"".to_owned()));
    let mail = render::mail(Template::Offer, ServiceLanguage::Sv, &values, &Overrides::new()).expect("letter");
    assert!(mail.text.contains("<b>Fara</b>") && mail.text.contains(BASE));
    assert!(!mail.html.contains("<b>Fara"), "values are text, not markup");
    assert!(mail.html.contains("&lt;b&gt;Fara") && mail.html.contains("href=\"https://auta.kouvola.example/r/AAAA"));
    assert!(mail.html.contains("lang=\"sv\""), "{}", &mail.html[..300]);
    for foreign in ["fonts.googleapis", "<img", "<script", "@import"] {
        assert!(!mail.html.contains(foreign), "{foreign}");
    }
}

#[test]
fn numbers_choose_their_plural_forms() {
    let body = |language, minutes| {
        let mut values = render::sample(language, BASE);
        values.insert("minutes", Word::Number(minutes));
        render::mail(Template::Offer, language, &values, &Overrides::new()).expect("letter").text
    };
    for (language, one, many) in [
        (ServiceLanguage::Fi, "noin minuutti.", "noin 90 minuuttia."),
        (ServiceLanguage::Sv, "ungefär en minut.", "ungefär 90 minuter."),
        (ServiceLanguage::En, "about one minute.", "about 90 minutes."),
    ] {
        assert!(body(language, 1).contains(one), "{}", body(language, 1));
        assert!(body(language, 90).contains(many), "{}", body(language, 90));
    }
    let call = |helpers| {
        let mut values = render::sample(ServiceLanguage::Fi, BASE);
        values.insert("helpers", Word::Number(helpers));
        render::call(Template::SeekerConfirmation, ServiceLanguage::Fi, &values, &Overrides::new()).expect("call")
    };
    assert!(call(1).contains("Vapaaehtoinen tulee") && call(2).contains("2 vapaaehtoista tulee"));
}

#[test]
fn a_networks_own_words_are_used_and_unknown_variables_are_all_named() {
    let (language, sample) = (ServiceLanguage::Fi, render::sample(ServiceLanguage::Fi, BASE));
    let check = |part, text: &str| render::check(Template::Offer, part, language, text, &sample);
    let own = "Moi! { $kind } { $when }, { $code } { $link }";
    assert!(check(Part::Sms, own).expect("good").starts_with("Moi! Kauppa-apu"));
    let overrides = Overrides::from([((Part::Sms, language), own.to_owned())]);
    let sms = render::sms(Template::Offer, language, &sample, &overrides).expect("text");
    assert!(sms.text.starts_with("Moi!"));
    let swedish = render::sms(Template::Offer, ServiceLanguage::Sv, &sample, &overrides).expect("text");
    assert!(swedish.text.contains("Kan du"), "other languages keep the service's words");

    let unknown = check(Part::Sms, "{ $name } asuu { $street -> [a] x *[b] { $door } }, { $kind }");
    let names = ["door", "name", "street"].map(str::to_owned).to_vec();
    assert_eq!(unknown, Err(RenderError::UnknownVariables(names)));
    assert!(check(Part::Sms, "Hinta 5 $ tai { $kind } { $code }").is_ok(), "a dollar outside braces is a dollar");
    for bad in ["", "   ", "{ $kind", "{ other-message }", "{ -brand }", "{ NUMBER2($kind) }"] {
        assert!(check(Part::Sms, bad).is_err(), "{bad:?}");
    }
    assert!(matches!(check(Part::Sms, &"pitkä ".repeat(60)), Err(RenderError::TooLong { .. })));
    assert!(check(Part::Body, &"pitkä ".repeat(60)).is_ok());
    assert!(matches!(check(Part::Call, "x"), Err(RenderError::NoWords(_))), "an offer is not read aloud");
    let two_messages = "eka\ntoka = kolmas";
    assert!(check(Part::Body, two_messages).is_ok_and(|text| text.contains("toka = kolmas")), "lines stay one text");
}

#[test]
fn a_calendar_entry_keeps_its_uid_and_is_cancelled_by_it() {
    let network = NetworkId::new("kouvola").expect("id");
    let (gig, volunteer) = ("g1".parse().expect("id"), "v1".parse().expect("id"));
    let at = |text: &str| text.parse::<Timestamp>().expect("instant");
    let entry = |start: &str, end: &str, sequence| calendar::Entry {
        network: &network,
        gig: &gig,
        volunteer: &volunteer,
        span: TimeWindow::new(at(start), at(end)).expect("span"),
        summary: "Kauppa-apu",
        area: "Kouvola",
        sequence,
        link: Some("https://auta.kouvola.example/r/AAAA"),
        addresses: Some(("keikka@kouvola.example", "v1@example.org")),
        now: at("2026-11-20T10:00:00Z"),
    };
    let first = entry("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z", 3);
    let moved = entry("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z", 4);
    let (request, cancel) =
        (calendar::file(&first, CalendarMethod::Request), calendar::file(&moved, CalendarMethod::Cancel));
    for (file, parts) in [
        (&request, ["METHOD:REQUEST", "SEQUENCE:3", "STATUS:CONFIRMED", "DTSTART:20261124T100000Z"]),
        (&cancel, ["METHOD:CANCEL", "SEQUENCE:4", "STATUS:CANCELLED", "DTSTART:20261124T120000Z"]),
    ] {
        for part in
            parts.into_iter().chain(["UID:g1-v1@kouvola.keikka\r\n", "BEGIN:VEVENT", "DTSTAMP:20261120T100000Z"])
        {
            assert!(file.contains(part), "{part} in {file}");
        }
    }
    insta::assert_snapshot!("calendar", request.replace("\r\n", "\n"));
}

#[test]
fn every_answer_is_there_in_every_language() {
    for name in ["accepted", "declined", "filled", "ended", "wrong_code", "unclear", "which_code", "not_able"] {
        for language in LANGUAGES {
            let text = render::phrase(&format!("reply_{name}"), language).expect("a phrase");
            assert_eq!(gsm7::segments(&text), Some(1), "{text}");
        }
    }
}

#[test]
fn the_shipped_words_are_told_as_one_would_write_them() {
    for (template, language) in spoken() {
        let values = render::sample(language, BASE);
        for part in template.parts() {
            let shipped = render::shipped(template, *part, language).expect("words");
            let overrides = Overrides::from([((*part, language), shipped.clone())]);
            let said = |overrides: &Overrides| match part {
                Part::Sms => render::sms(template, language, &values, overrides).expect("text").text,
                Part::Call => render::call(template, language, &values, overrides).expect("call"),
                Part::Subject | Part::Body => {
                    let mail = render::mail(template, language, &values, overrides).expect("letter");
                    format!("{}\n{}", mail.subject, mail.text)
                }
            };
            assert_eq!(
                said(&overrides),
                said(&Overrides::new()),
                "{} {part:?} {language:?}: {shipped}",
                template.code()
            );
        }
    }
    assert_eq!(render::shipped(Template::Offer, Part::Call, ServiceLanguage::Fi), None);
}

#[test]
fn pages_have_the_same_words_in_every_language() {
    let names = |text: &'static str| -> Vec<&'static str> {
        text.lines()
            .filter_map(|line| line.split_once(" =").filter(|_| line.starts_with("page_")))
            .map(|(name, _)| name)
            .collect()
    };
    let all = [
        names(include_str!("../texts/page.fi.ftl")),
        names(include_str!("../texts/page.sv.ftl")),
        names(include_str!("../texts/page.en.ftl")),
    ];
    assert!(all[0].len() > 50 && all[0] == all[1] && all[1] == all[2], "{all:?}");
    let values = Values::from([("minutes", Word::Number(1)), ("until", Word::Text("12.00".to_owned()))]);
    for (name, language) in all[0].iter().flat_map(|name| LANGUAGES.map(|language| (name, language))) {
        let text = render::text(name, language, &values).unwrap_or_else(|error| panic!("{name} {language:?}: {error}"));
        assert!(!text.trim().is_empty() && !text.contains('{'), "{name} {language:?}: {text}");
    }
}

#[test]
fn answers_to_text_messages_are_one_segment_of_their_alphabet() {
    let names = [
        "accepted",
        "declined",
        "filled",
        "ended",
        "wrong_code",
        "unclear",
        "stop",
        "which_code",
        "not_able",
        "too_late",
    ];
    for (name, language) in names.iter().flat_map(|name| LANGUAGES.map(|language| (name, language))) {
        let text = gsm7::fold(&render::phrase(&format!("reply_{name}"), language).expect("a text"));
        assert_eq!(gsm7::segments(&text), Some(1), "{name} {language:?}: {text}");
    }
}

#[test]
fn own_words_are_sound_whatever_is_chosen() {
    let (language, sample) = (ServiceLanguage::Fi, render::sample(ServiceLanguage::Fi, BASE));
    let check = |part, text: &str| render::check(Template::Offer, part, language, text, &sample);
    let choice = |usual: &str| format!("{{ $minutes ->\n    [60] tunti {{ $code }}\n   *[other] {usual}\n}}");
    assert!(check(Part::Sms, &choice("{ $code }")).is_ok(), "{:?}", check(Part::Sms, &choice("{ $code }")));
    assert_eq!(check(Part::Sms, &choice("muu")), Err(RenderError::Unanswerable));
    assert_eq!(check(Part::Sms, "Autatko? { $kind }"), Err(RenderError::Unanswerable));
    assert!(check(Part::Body, &choice("muu")).is_ok(), "a letter has a button");
    for bad in ["{ other-message }", "{ -brand }", "{ NUMBER($minutes) }", "{ \"\" }"] {
        assert!(check(Part::Body, &choice(bad)).is_err(), "{bad}");
    }
    let long = choice(&format!("{} {{ $code }}", "pitkä ".repeat(60)));
    assert!(matches!(check(Part::Sms, &long), Err(RenderError::TooLong { .. })));
}

#[test]
fn braces_in_one_another_are_refused_before_they_are_parsed() {
    let (language, sample) = (ServiceLanguage::Fi, render::sample(ServiceLanguage::Fi, BASE));
    let hidden = |count: usize| format!("{}x{}", "{ \"}\" ->\n *[a] ".repeat(count), "\n}".repeat(count));
    let nested = |count: usize| format!("{}$code{}", "{".repeat(count), "}".repeat(count));
    let calls = |count: usize| format!("{{ {}1{} }}", "A(".repeat(count), ")".repeat(count));
    for deep in [nested(9), nested(400), nested(1_000), hidden(65), hidden(110), calls(64), calls(600)] {
        let refused = render::check(Template::Offer, Part::Body, language, &deep, &sample);
        assert!(matches!(refused, Err(RenderError::Unreadable(_))), "{refused:?}");
        let overrides = Overrides::from([((Part::Sms, language), deep)]);
        assert!(render::sms(Template::Offer, language, &sample, &overrides).is_err(), "nor when they are stored");
    }
    assert!(render::check(Template::Offer, Part::Body, language, &nested(8), &sample).is_ok());
    // What is let through is parsed without harm, whatever it means.
    for most in [hidden(64), calls(63)] {
        let _ = render::check(Template::Offer, Part::Body, language, &most, &sample);
    }
}
