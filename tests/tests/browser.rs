//! The page behind a link as its reader meets it: in Chromium, on the narrowest screen, by finger and by key, light and dark, looked
//! over by axe.

use proto::dispatch::v1::gig::State as GigState;
use proto::dispatch::v1::offer::{DeclineReason, State};
use tests::asked_town::Scene;
use tests::browser::{Browser, WIDTH, axe};
use tests::engines::Engine;
use tests::town;

/// Keys of WebDriver.
const ENTER: &str = "\u{e007}";

/// Fails if the page is wider than the screen, or holds something to press that is too small for a finger.
async fn fits(browser: &Browser, page: &str) {
    let width = browser.script("return document.documentElement.scrollWidth").await;
    assert_eq!(width, WIDTH, "{page} scrolls sideways");
    let small = browser
        .script(
            "return [...document.querySelectorAll('a, button, input:not([type=checkbox])')]\
               .filter(one => one.getBoundingClientRect().height < 44)\
               .map(one => one.outerHTML)",
        )
        .await;
    assert_eq!(small, serde_json::json!([]), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finger_accepts_takes_back_and_declines() {
    let scene = Scene::open(Engine::Sqlite).await;
    let gig = scene.gig("g1", 2).await;
    let (offer, link) = scene.ask(&gig, 2, 0).await;
    let other = scene.gig("g2", 3).await;
    let (declined, no) = scene.ask(&other, 3, 0).await;
    let third = scene.gig("g3", 4).await;
    let (hour, later) = scene.ask(&third, 4, 0).await;
    let at = |link: &str| format!("{}{link}", scene.server.url());
    let browser = Browser::open().await;

    browser.go(&at(&link)).await;
    browser.shows("Voitko auttaa?").await;
    fits(&browser, "the question").await;
    // The language is chosen, and stays through an answer.
    browser.click("nav a[lang=sv]").await;
    browser.shows("Kan du hjälpa?").await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "sv");
    browser.click("button[value=yes]").await;
    browser.shows("Tack, du är med!").await;
    assert!(browser.text("main").await.contains("Laululinnuntie 5"));
    assert_eq!(scene.city.get_offer(&offer).await.state(), State::Accepted);
    fits(&browser, "the promise").await;
    browser.reload().await;
    browser.shows("Tack, du är med!").await;
    let known = scene.city.get_offer(&offer).await;
    assert_eq!(known.state(), State::Accepted, "reloading says nothing twice");
    browser.click("button[value=undo]").await;
    browser.shows("Kan du hjälpa?").await;
    let gig = scene.city.gig(&gig).await;
    assert!(matches!(gig.state(), GigState::Open | GigState::Offered), "{:?}", gig.state());

    // A reason, one tap.
    browser.go(&at(&no)).await;
    browser.click("button[value=too_far]").await;
    browser.shows("Kiitos tiedosta").await;
    let declined = scene.city.get_offer(&declined).await;
    assert_eq!((declined.state(), declined.decline_reason()), (State::Declined, DeclineReason::TooFar));
    fits(&browser, "the thanks").await;

    // Another hour: without one the browser itself asks for it.
    browser.go(&at(&later)).await;
    browser.click("button[value=other_hour]").await;
    assert_eq!(browser.script("return document.activeElement.id").await, "hour");
    browser.script("document.querySelector('#hour').value = '16:30'").await;
    browser.press("button[value=other_hour]", ENTER).await;
    browser.shows("Kiitos tiedosta").await;
    assert_eq!(scene.city.get_offer(&hour).await.other_start_time, Some(scene.week.at(4, 16 * 60 + 30)));
    drop(browser);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_serious_on_any_page() {
    let scene = Scene::open(Engine::Sqlite).await;
    let mut pages = Vec::new();
    let gig = scene.gig("g1", 2).await;
    let (_, going) = scene.ask(&gig, 2, 0).await;
    let (_, filled) = scene.ask(&gig, 2, 1).await;
    let (_, reserve) = scene.ask(&gig, 2, 2).await;
    let gig = scene.gig("g2", 3).await;
    let (_, declined) = scene.ask(&gig, 3, 1).await;
    let (_, asked) = scene.ask(&gig, 3, 2).await;
    scene.after(&going, "answer=yes").await;
    scene.after(&reserve, "answer=stand_by").await;
    scene.after(&declined, "answer=too_often").await;
    let two = town::for_two(town::gig("shopping", "s", scene.week.window(5, 9 * 60, 18 * 60)));
    let two = scene.city.add_gig("two", two).await.name;
    let (_, held) = scene.ask(&two, 5, 1).await;
    scene.after(&held, "answer=yes").await;
    let ended = scene.gig("g3", 4).await;
    let (_, over) = scene.ask(&ended, 4, 0).await;
    scene.city.cancel(&ended, "asia hoitui").await.expect("cancelled");
    for (name, link) in [
        ("the question", asked.clone()),
        ("the promise", going),
        ("the second is looked for", held),
        ("too late", filled),
        ("standing by", reserve),
        ("the thanks", declined),
        ("over", over),
        ("nothing", format!("/r/{}", "A".repeat(22))),
    ] {
        pages.push((name, format!("{}{link}", scene.server.url())));
    }
    let axe = axe();
    let browser = Browser::open().await;
    let look = async |name: &str| {
        for dark in [false, true] {
            browser.prefer_dark(dark).await;
            let faults = browser.faults(&axe).await;
            assert!(faults.is_empty(), "{name}, dark {dark}: {faults:#?}");
        }
        fits(&browser, name).await;
    };
    for (name, url) in &pages {
        for language in ["fi", "sv", "en"] {
            browser.go(&format!("{url}?lang={language}")).await;
            let name = format!("{name} in {language}");
            assert_eq!(browser.script("return document.documentElement.lang").await, language, "{name}");
            look(&name).await;
        }
    }
    // What is said when a day cannot be.
    browser.go(&format!("{}{asked}", scene.server.url())).await;
    browser.script("document.querySelector('#back').removeAttribute('min')").await;
    browser.script("document.querySelector('#back').value = '2020-01-01'").await;
    browser.click("button[value=away]").await;
    browser.shows("Something is missing").await;
    assert!(!browser.text("[role=alert]").await.is_empty());
    look("the alert").await;
    drop(browser);
    scene.close().await;
}
