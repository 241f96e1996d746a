//! Lists of seekers as coordinators have them.

use domain::{ContactMode, Seeker};
use store::Filter;

use super::builders::{House, ctx, kouvola, volunteer};
use super::import_volunteers::{counts, problems, sheet};

const LIST: &[&str] = &[
    "Tunniste|Sukunimi|Etunimi|Puhelin|Katuosoite|Postinumero|Kielet|Tutut|Tarpeet|Ovikoodi|Taksi|Suostumus|Yhteystapa|Lisätiedot",
    "A-1|Avuntarve|Aino|040 765 4321|Esimerkkikatu 1|45100|suomi|v1|rollaattori, ei hissiä|1234|vapaaehtoinen|1.11.2026|suora|soita ensin",
    "A-2|Testinen|Toivo|040 765 4322||45200|||||||välitetty|",
];

#[tokio::test]
async fn a_list_of_seekers_is_imported_whole_and_again_changes_nothing() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    let import = async || {
        let outcome =
            house.registry.import_seekers(&ctx(), &kouvola(), &sheet(LIST), |_, _| {}).await.expect("outcome");
        assert_eq!(problems(&outcome), []);
        counts(&outcome)
    };
    assert_eq!(import().await, (2, 0, 0, 0));
    let all = house.db.read().await.expect("tx").all::<Seeker>(&kouvola(), &Filter::any()).await.expect("seekers");
    let (aino, toivo) = (&all[0], &all[1]);
    assert_eq!((aino.id.as_str(), aino.name.expose().as_str()), ("a-1", "Aino Avuntarve"));
    assert_eq!((aino.familiar.len(), aino.intake.needs.len()), (1, 2));
    assert_eq!(aino.intake.consent_time.map(|time| time.to_string()).as_deref(), Some("2026-10-31T22:00:00Z"));
    assert_eq!(toivo.contact_mode, ContactMode::Mediated);
    assert_eq!(import().await, (0, 0, 2, 0));
}

#[tokio::test]
async fn unknown_volunteers_health_words_and_identity_codes_are_refused() {
    let house = House::new().await;
    let lines = ["Tunniste|Nimi|Tutut|Tarpeet|Lisätiedot", "A-1|Aino Avuntarve|v9|dementia|131052-308T"];
    let outcome = house.registry.import_seekers(&ctx(), &kouvola(), &sheet(&lines), |_, _| {}).await.expect("outcome");
    let columns: Vec<&str> = problems(&outcome).iter().map(|(_, column, _)| *column).collect();
    assert_eq!(columns, ["Tutut", "Tarpeet", "Lisätiedot"]);
}
