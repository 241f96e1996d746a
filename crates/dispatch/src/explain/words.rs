//! Explanations in Finnish, Swedish and English. Task words only; a block is never among them.

use std::collections::BTreeSet;

use domain::explanation::{Explanation, ReasonClass};
use domain::{Gig, GigState, LocalizedText, zone};
use matching::eligibility::{Rule, RuleSet};
use matching::explain::Change;
use matching::snapshot::Span;

use crate::roster::{LeftOut, instant};

fn text(fi: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> LocalizedText {
    LocalizedText::new(fi, sv, en)
}

/// One sentence for a class of reason.
pub(super) fn class(class: ReasonClass, explanation: &Explanation, helpers: usize) -> LocalizedText {
    let considered = explanation.considered;
    let left = explanation.cascade.last().map_or(0, |step| step.remaining);
    match class {
        ReasonClass::Filled => text("Keikka on täytetty.", "Uppdraget är bemannat.", "The gig is filled."),
        ReasonClass::Waiting => text(
            "Tarjouksia on lähetetty, vastauksia odotetaan.",
            "Förfrågningar har skickats, svar inväntas.",
            "Offers are out; answers are awaited.",
        ),
        ReasonClass::DataMissing => text(
            "Jokin sovittamiseen tarvittava tieto puuttuu.",
            "Någon uppgift som behövs för matchningen saknas.",
            "Something needed to match is not known.",
        ),
        ReasonClass::NobodyEligible => text(
            format!("Kukaan {considered} vapaaehtoisesta ei täytä kaikkia ehtoja."),
            format!("Ingen av {considered} frivilliga uppfyller alla villkor."),
            format!("None of {considered} volunteers meets every condition."),
        ),
        ReasonClass::TooFewCandidates => text(
            format!("Sopivia on vähemmän kuin {helpers} samaan aikaan."),
            format!("Färre än {helpers} lämpliga kan komma samtidigt."),
            format!("Fewer than {helpers} able volunteers can come at the same time."),
        ),
        ReasonClass::CappedOut => text(
            "Sopivien aika tai keikkamäärä on jo luvattu muualle.",
            "De lämpligas tid eller antal uppdrag är redan utlovade.",
            "Those who could come have promised their time or number of gigs elsewhere.",
        ),
        ReasonClass::Outbid => text(
            "Joku voisi tulla, mutta häntä tarvitaan toisella keikalla.",
            "Någon kunde komma men behövs på ett annat uppdrag.",
            "Someone could come, but is needed for another gig.",
        ),
        ReasonClass::Assignable => text(
            format!("Sopivia on {left}: keikkaa ei vain ole vielä kiinnitetty."),
            format!("Det finns {left} lämpliga: uppdraget har bara inte tilldelats ännu."),
            format!("{left} can come: it has simply not been assigned yet."),
        ),
    }
}

/// How a gig stands that was filled and has begun.
pub(super) fn begun(state: GigState) -> Option<LocalizedText> {
    match state {
        GigState::InProgress => Some(text("Keikka on käynnissä.", "Uppdraget pågår.", "The gig is under way.")),
        GigState::Completed => Some(text("Keikka on tehty.", "Uppdraget är utfört.", "The gig is done.")),
        _ => None,
    }
}

/// Why a gig is not matched automatically.
pub(super) fn left_out(why: LeftOut) -> LocalizedText {
    match why {
        LeftOut::Mediated => text(
            "Koordinaattori välittää avunsaajan puolesta: kiinnitä auttaja käsin.",
            "En koordinator förmedlar för den hjälpsökande: utse hjälparen för hand.",
            "A coordinator relays for this seeker: assign a helper by hand.",
        ),
        LeftOut::PlaceMissing => {
            text("Keikalta puuttuu paikka.", "Uppdraget saknar plats.", "The gig has no place, and its kind needs one.")
        }
        LeftOut::RowMissing => text(
            "Keikkalaji tai avunsaaja on poistettu rekisteristä.",
            "Uppdragstypen eller den hjälpsökande har tagits bort ur registret.",
            "The gig's kind or seeker is not in the registry any more.",
        ),
        LeftOut::NoTimeLeft => text(
            "Aikaikkunoista jäljellä oleva aika on lyhyempi kuin keikka.",
            "Tiden som är kvar av tidsfönstren är kortare än uppdraget.",
            "What is left of its windows is shorter than the gig.",
        ),
    }
}

/// A single change that would make somebody able.
pub(super) fn change(change: &Change, gig: &Gig) -> LocalizedText {
    let kind = &gig.kind;
    match change {
        Change::Activate => text("ottaa taas keikkoja", "tar emot uppdrag igen", "takes gigs again"),
        Change::AcceptKind => text(
            format!("hyväksyy keikkalajin {kind}"),
            format!("accepterar uppdragstypen {kind}"),
            format!("accepts the kind {kind}"),
        ),
        Change::HoldSkill(skill) => text(
            format!("taito {skill} on voimassa keikan loppuun"),
            format!("färdigheten {skill} gäller till uppdragets slut"),
            format!("holds the skill {skill}, valid to the gig's end"),
        ),
        Change::SpeakLanguage => text(
            format!("puhuu keikan kieltä: {}", spoken(gig, "tai")),
            format!("talar uppdragets språk: {}", spoken(gig, "eller")),
            format!("speaks a language of the gig: {}", spoken(gig, "or")),
        ),
        Change::ReachAge(years) => text(
            format!("on varmasti vähintään {years} vuotta"),
            format!("är säkert minst {years} år"),
            format!("is certainly at least {years} years old"),
        ),
        Change::GoFurther { from_s, to_s } => {
            let (from, to) = (from_s / 60, (to_s + 59) / 60);
            text(
                format!("matkaraja {to} min eikä {from} min"),
                format!("reslängd {to} min i stället för {from} min"),
                format!("travel limit {to} min instead of {from}"),
            )
        }
        Change::WidenWindow { from, to } => {
            let (from, to) = (hours(*from), hours(*to));
            text(
                format!("saatavilla {to} eikä {from}"),
                format!("tillgänglig {to} i stället för {from}"),
                format!("available {to} instead of {from}"),
            )
        }
        Change::AddWindow(span) => {
            let span = hours(*span);
            text(format!("saatavilla {span}"), format!("tillgänglig {span}"), format!("available {span}"))
        }
        Change::RaiseDayCap { from, to } => text(
            format!("enintään {to} keikkaa päivässä eikä {from}"),
            format!("högst {to} uppdrag om dagen i stället för {from}"),
            format!("at most {to} gigs a day instead of {from}"),
        ),
        Change::RaiseWeekCap { from, to } => text(
            format!("enintään {to} keikkaa viikossa eikä {from}"),
            format!("högst {to} uppdrag i veckan i stället för {from}"),
            format!("at most {to} gigs a week instead of {from}"),
        ),
    }
}

/// The languages of a gig: `fi or sv`.
fn spoken(gig: &Gig, or: &str) -> String {
    let distinct: BTreeSet<&str> = gig.languages.iter().map(|tag| tag.language()).collect();
    distinct.into_iter().collect::<Vec<_>>().join(&format!(" {or} "))
}

/// A stretch of local time in whole minutes, never shorter than it is: `23.11. 09:00-11:30`.
fn hours(span: Span) -> String {
    let local = |minute: i64| instant(minute * 60).to_zoned(zone());
    let (start, end) = (local(span.start.div_euclid(60)), local((span.end + 59).div_euclid(60)));
    let day = start.strftime("%-d.%-m.");
    let from = start.strftime("%H:%M");
    if start.date() == end.date() {
        format!("{day} {from}-{}", end.strftime("%H:%M"))
    } else {
        format!("{day} {from} - {}", end.strftime("%-d.%-m. %H:%M"))
    }
}

/// Why one volunteer cannot come.
pub(super) fn rules(broken: RuleSet) -> LocalizedText {
    if broken.is_empty() {
        return text("Voi tulla.", "Kan komma.", "Can come.");
    }
    let each: Vec<LocalizedText> = broken.iter().map(rule).collect();
    let join = |part: fn(&LocalizedText) -> &str| each.iter().map(part).collect::<Vec<_>>().join("; ");
    text(join(|words| &words.fi), join(|words| &words.sv), join(|words| &words.en))
}

fn rule(rule: Rule) -> LocalizedText {
    match rule {
        Rule::Standing => text("ei ota nyt keikkoja", "tar inte uppdrag nu", "takes no gigs now"),
        Rule::Kind => text("ei tee tätä keikkalajia", "gör inte denna typ av uppdrag", "does not do this kind"),
        Rule::Skill => text(
            "taito puuttuu tai ei ole voimassa keikan loppuun",
            "färdighet saknas eller gäller inte till uppdragets slut",
            "a skill is missing or not valid to the gig's end",
        ),
        Rule::Language => text("ei yhteistä kieltä", "inget gemensamt språk", "no common language"),
        Rule::Age => text(
            "ikä alle keikkalajin rajan tai tuntematon",
            "åldern under gränsen eller okänd",
            "younger than the kind asks for, or age not known",
        ),
        // A block must look like a no to the gig.
        Rule::Declined | Rule::Blocked => text(
            "kieltäytyi jo tästä tai vapautettiin siitä",
            "har redan tackat nej eller befriats från det",
            "has said no to it, or was let go",
        ),
        Rule::TravelLimit => text("liian kaukana", "för långt borta", "too far away"),
        Rule::Availability => text(
            "ei saatavilla silloin riittävän pitkään",
            "inte tillgänglig tillräckligt länge då",
            "not available then for long enough",
        ),
        Rule::Start => text("keikka ei voi alkaa silloin", "uppdraget kan inte börja då", "the gig cannot start then"),
        Rule::Seat => text("on jo tällä keikalla", "är redan med i uppdraget", "is in this gig already"),
        Rule::DayCap => text("päivän keikkamäärä täynnä", "dagens antal är fullt", "the day is full"),
        Rule::WeekCap => text("viikon keikkamäärä täynnä", "veckans antal är fullt", "the week is full"),
        Rule::Itinerary => text(
            "toinen keikka tai matka sen ja tämän välillä ei jätä aikaa",
            "ett annat uppdrag eller resan mellan dem lämnar ingen tid",
            "another gig, or the way between the two, leaves no time",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_hold_the_whole_stretch() {
        let at = |text: &str| text.parse::<domain::Timestamp>().expect("instant").as_second();
        let span = |start, end| hours(Span::new(at(start), at(end)));
        assert_eq!(span("2026-12-05T08:09:59Z", "2026-12-05T10:45:01Z"), "5.12. 10:09-12:46");
        assert_eq!(span("2026-12-05T08:00:00Z", "2026-12-05T10:45:00Z"), "5.12. 10:00-12:45");
        assert_eq!(span("2026-12-05T20:00:00Z", "2026-12-05T22:30:00Z"), "5.12. 22:00 - 6.12. 00:30");
    }
}
