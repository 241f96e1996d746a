//! What is told when something changes after it was told or planned: a yes taken back, a gig moved, a question that will not be put.

mod post;

use domain::event::EventKind;
use domain::offer::UNDO_WINDOW;
use domain::{Assignment, AssignmentState, Channel, ClaimSource, Gig, GigState, Offer, PhoneNumber, Timestamp};
use jiff::SignedDuration;
use notification::channel::Accepted;
use store::MessageState;
use store::conformance::sample;

use post::{Post, Storage};

/// What the desk was told of offers that reached nobody.
fn unsent(post: &Post) -> Vec<String> {
    let told = post.desk.told.lock().expect("lock").clone();
    told.into_iter().filter(|(_, what)| *what == "unsent").map(|(offer, _)| offer).collect()
}

async fn count(post: &Post, template: &str) -> usize {
    let messages = post.messages().await;
    messages.iter().filter(|one| one.template == template && one.state != MessageState::Dropped).count()
}

/// Changes what a volunteer holds of a gig, at the time of the event that follows.
async fn set(post: &Post, gig: &str, volunteer: &str, state: AssignmentState) {
    let mut tx = post.db.write().await.expect("write");
    let gig = gig.parse().expect("id");
    for mut one in tx.assignments_of_gig(&post.network, &gig).await.expect("assignments") {
        if one.volunteer.as_str() == volunteer && one.state.is_active() {
            let from = one.state;
            (one.state, one.update_time) = (state, post.clock.time());
            assert!(tx.update_assignment(&one, from).await.expect("update"));
        }
    }
    tx.commit().await.expect("commit");
}

/// Gives a slot of a gig to a volunteer, without an event.
async fn give(post: &Post, gig: &Gig, volunteer: &str, slot: u8, start: Timestamp) {
    let now = post.clock.time();
    let span = gig.span(start).expect("span");
    let id = format!("x-{volunteer}-{}", now.as_second());
    let sample = sample::assignment(&post.network, &id, gig.id.as_str(), volunteer, span);
    let one = Assignment { slot, told_time: None, create_time: now, update_time: now, ..sample };
    let mut tx = post.db.write().await.expect("write");
    assert_eq!(tx.claim(&one).await.expect("claim"), store::Claimed::Done);
    tx.commit().await.expect("commit");
}

/// Seekers with a mobile are told by text message.
async fn texting_seeker(post: &Post) {
    let mut seeker = sample::seeker(&post.network, "s1");
    seeker.contact_mode = domain::ContactMode::Direct;
    seeker.phone = Some(PhoneNumber::new("+358401111111").expect("number"));
    post.put(&seeker).await;
}

fn to<'p>(post: &'p Post, number: usize) -> impl Fn() -> Vec<String> + 'p {
    let phone = format!("+35840{:07}", 2_000_000 + number);
    move || post.sms.all().into_iter().filter(|one| one.to == phone).map(|one| one.text).collect()
}

#[tokio::test]
async fn a_question_that_will_not_be_put_takes_its_offer_back_at_once() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
        post.put(&gig).await;
        for number in 1..=5 {
            let mut volunteer = post.volunteer(number);
            match number {
                1 => volunteer.contact.hours = Some(post::hours(18 * 60, 20 * 60)),
                2 => volunteer.contact.weekly_budget = 0,
                3 => {
                    volunteer.phone = Some(PhoneNumber::new("05 741 1234").expect("number"));
                    volunteer.contact.channels = [Channel::Sms].into();
                }
                _ => {}
            }
            if number != 4 {
                post.put(&volunteer).await;
            }
            post.offer(&format!("o{number}"), &gig, &format!("v{number}"), 2).await;
        }
        post.worker().tell_all().await.expect("told");
        assert_eq!(unsent(&post), ["o1", "o2", "o3", "o4"], "hours, budget, number, nobody there; and not the fifth");
        post.worker().tell_all().await.expect("told");
        assert_eq!(unsent(&post).len(), 4, "once");
        storage.remove().await;
    }
}

#[tokio::test]
async fn an_association_whose_own_system_is_told_may_ask_by_itself() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.association = Some("a1".parse().expect("id"));
    volunteer.contact.channels = [Channel::Webhook].into();
    post.put(&volunteer).await;
    let gig = Gig { state: GigState::Offered, association: volunteer.association.clone(), ..post.gig("g1") };
    post.put(&gig).await;
    post.offer("o1", &gig, "v1", 4).await;
    post.deliver().await;
    assert!(unsent(&post).is_empty(), "{:?}", unsent(&post));
    assert_eq!(post.hook.all().len(), 1);
    // Whom the city asks for the same gig is no business of that system.
    let mut other = post.volunteer(2);
    other.association = None;
    other.contact.channels = [Channel::Webhook].into();
    post.put(&other).await;
    post.offer("o2", &gig, "v2", 4).await;
    post.deliver().await;
    assert_eq!((unsent(&post), post.hook.all().len()), (vec!["o2".to_owned()], 1));
}

#[tokio::test]
async fn an_offer_that_could_not_be_taken_back_is_taken_back_later() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.weekly_budget = 0;
    post.put(&volunteer).await;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.put(&gig).await;
    post.offer("o1", &gig, "v1", 8).await;
    post.desk.failures.store(1, std::sync::atomic::Ordering::SeqCst);
    post.worker().tell_all().await.expect("told");
    assert!(unsent(&post).is_empty());
    post.clock.advance(SignedDuration::from_mins(3));
    post.worker().tell_all().await.expect("told");
    assert_eq!(unsent(&post), ["o1"]);
}

#[tokio::test]
async fn a_budget_is_of_seven_days_and_not_for_what_one_wished_for() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.weekly_budget = 1;
    post.put(&volunteer).await;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.put(&gig).await;
    post.clock.set("2026-11-22T10:00:00Z".parse().expect("instant"));
    post.offer("o1", &gig, "v1", 8).await;
    post.deliver().await;
    let invited = Offer { is_invited: true, ..post.unannounced("o2", &gig, "v1", 8) };
    post.put(&invited).await;
    post.event(EventKind::OfferMade, "offers/o2", &[("gig", "g1".to_owned())]).await;
    post.deliver().await;
    assert_eq!(post.sms.all().len(), 2, "who stood by wished for it");
    // The seven days are over, and what one wished for is no ask of theirs.
    post.clock.set("2026-11-29T11:00:00Z".parse().expect("instant"));
    let invited = Offer { is_invited: true, ..post.unannounced("o3", &gig, "v1", 8) };
    post.put(&invited).await;
    post.event(EventKind::OfferMade, "offers/o3", &[("gig", "g1".to_owned())]).await;
    post.offer("o4", &gig, "v1", 8).await;
    post.offer("o5", &gig, "v1", 8).await;
    post.deliver().await;
    assert_eq!(post.sms.all().len(), 4);
    assert_eq!(unsent(&post), ["o5"], "one a week");
}

#[tokio::test]
async fn a_yes_taken_back_is_told_to_those_who_were_told() {
    for told in [true, false] {
        let storage = Storage::folder();
        let post = Post::open(&storage).await;
        texting_seeker(&post).await;
        for number in 1..=2 {
            post.put(&post.volunteer(number)).await;
        }
        let gig = Gig { slots: vec![domain::Slot::default(); 2], ..post.gig("g1") };
        post.put(&gig).await;
        let start = Post::start(&gig);
        give(&post, &gig, "v2", 1, start).await;
        let filled = post.fill(&gig, "v1").await;
        if told {
            post.deliver().await;
        } else {
            post.worker().tell_all().await.expect("told");
        }
        post.clock.advance(SignedDuration::from_mins(5));
        set(&post, "g1", "v1", AssignmentState::Released).await;
        set(&post, "g1", "v2", AssignmentState::Held).await;
        post.put(&Gig { state: GigState::Offered, ..filled }).await;
        let offer = Offer { state: domain::offer::OfferState::Sent, ..post.unannounced("o1", &gig, "v1", 8) };
        post.put(&offer).await;
        let data = [("gig", "g1".to_owned()), ("volunteer", "v1".to_owned()), ("start", start.to_string())];
        post.event(EventKind::OfferUndone, "offers/o1", &data).await;
        post.deliver().await;
        let (one, two) = (to(&post, 1)(), to(&post, 2)());
        assert_eq!(one.len(), usize::from(told), "who took it back knows: {one:?}");
        assert_eq!(two.len(), 1 + usize::from(told), "{two:?}");
        assert!(two.last().is_some_and(|text| text.contains("toista auttajaa")), "who waits again hears so: {two:?}");
        assert_eq!(
            count(&post, "seeker_reopened").await,
            usize::from(told),
            "the seeker hears of it if they had been told"
        );
        assert_eq!(post.messages().await.iter().filter(|one| one.template == "cancel_noted").count(), 0);
        post.clock.set("2026-11-24T12:00:00Z".parse().expect("instant"));
        post.deliver().await;
        assert_eq!(to(&post, 1)().len(), one.len(), "and is reminded of nothing");
    }
}

#[tokio::test]
async fn a_moved_gig_is_told_as_a_change_to_each_as_it_concerns_them() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        texting_seeker(&post).await;
        for number in 1..=3 {
            let mut volunteer = post.volunteer(number);
            volunteer.contact.channels = [Channel::Email].into();
            post.put(&volunteer).await;
        }
        let gig = Gig { slots: vec![domain::Slot::default(); 2], ..post.gig("g1") };
        post.put(&gig).await;
        let (before, now) = (Post::start(&gig), Post::start(&gig) + SignedDuration::from_mins(45));
        give(&post, &gig, "v2", 1, before).await;
        let filled = post.fill(&gig, "v1").await;
        post.deliver().await;
        // v1 stays and goes later, v2 goes no more, v3 comes.
        post.clock.advance(SignedDuration::from_mins(5));
        for id in ["v1", "v2"] {
            set(&post, "g1", id, AssignmentState::Released).await;
        }
        give(&post, &gig, "v1", 0, now).await;
        give(&post, &gig, "v3", 1, now).await;
        post.put(&Gig { start: Some(now), ..filled.clone() }).await;
        let moved = |volunteers: &str, start: Timestamp, previous: &str, previous_start: Timestamp| {
            [
                ("volunteers", volunteers.to_owned()),
                ("start", start.to_string()),
                ("previous_volunteers", previous.to_owned()),
                ("previous_start", previous_start.to_string()),
            ]
        };
        post.event(EventKind::GigMoved, "gigs/g1", &moved("v1,v3", now, "v1,v2", before)).await;
        post.deliver().await;
        let letters = |number: usize| -> Vec<post::Letter> {
            let of = format!("v{number}@example.org");
            post.mail.all().into_iter().filter(|one| one.to == of).collect()
        };
        let line = |letter: &post::Letter, name: &str| {
            let file = letter.calendar.clone().unwrap_or_default();
            file.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
        };
        let (one, two, three) = (letters(1), letters(2), letters(3));
        assert!(one[1].text.starts_with("Muutos"), "{one:?}");
        assert!(two[1].text.starts_with("Peruttu"), "{two:?}");
        assert_eq!((three.len(), three[0].text.starts_with("Olet mukana")), (1, true), "{three:?}");
        for (letters, method) in [(&one, "REQUEST"), (&two, "CANCEL")] {
            assert_eq!(line(&letters[0], "UID:"), line(&letters[1], "UID:"));
            let sequence = |at: usize| line(&letters[at], "SEQUENCE:").parse::<i64>().expect("a number");
            assert!(sequence(1) > sequence(0));
            assert_eq!(line(&letters[1], "METHOD:"), method);
        }
        assert_eq!(line(&two[1], "DTSTART:"), line(&two[0], "DTSTART:"), "what is taken away is what was promised");
        assert_ne!(line(&one[1], "DTSTART:"), line(&one[0], "DTSTART:"));
        let seeker: Vec<String> = post.sms.all().into_iter().map(|one| one.text).collect();
        assert!(seeker.last().is_some_and(|text| text.starts_with("Muutos")), "{seeker:?}");

        // Another helper at the same time: nothing changes for who stays, nor for the seeker.
        post.clock.advance(SignedDuration::from_mins(5));
        set(&post, "g1", "v3", AssignmentState::Released).await;
        give(&post, &gig, "v2", 1, now).await;
        post.put(&Gig { start: Some(now), ..filled }).await;
        post.event(EventKind::GigMoved, "gigs/g1", &moved("v1,v2", now, "v1,v3", now)).await;
        post.deliver().await;
        assert_eq!((letters(1).len(), letters(2).len(), letters(3).len()), (2, 3, 2));
        assert!(letters(3)[1].text.starts_with("Peruttu") && letters(2)[2].text.starts_with("Olet mukana"));
        assert_eq!(post.sms.all().len(), seeker.len());
        // Each is reminded once, and only who goes.
        for time in ["2026-11-23T16:00:00Z", "2026-11-24T10:50:00Z"] {
            post.clock.set(time.parse().expect("instant"));
            post.deliver().await;
        }
        assert_eq!((letters(1).len(), letters(2).len(), letters(3).len()), (4, 5, 2));
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_call_that_is_no_longer_true_is_taken_from_the_list() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    let filled = post.fill(&gig, "v1").await;
    post.deliver().await;
    assert_eq!(post.message("seeker_confirmation").await.channel, Channel::Phone);
    set(&post, "g1", "v1", AssignmentState::Released).await;
    post.put(&Gig { state: GigState::Open, start: None, ..filled }).await;
    let data = [("volunteer", "v1".to_owned()), ("start", Post::start(&gig).to_string())];
    post.event(EventKind::GigReopened, "gigs/g1", &data).await;
    post.deliver().await;
    let call = post.message("seeker_confirmation").await;
    assert_eq!((call.state, call.failure.as_deref()), (MessageState::Dropped, Some("NO_LONGER_TRUE")));
    assert_eq!(count(&post, "seeker_reopened").await, 0, "nobody had rung them");
}

#[tokio::test]
async fn who_a_plan_lets_go_did_not_cancel() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.sms.script(|_, _| Ok(Accepted::default()));
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    let filled = post.fill(&gig, "v1").await;
    post.deliver().await;
    post.clock.advance(SignedDuration::from_mins(1));
    set(&post, "g1", "v1", AssignmentState::Released).await;
    post.put(&Gig { state: GigState::Open, start: None, ..filled }).await;
    let start = Post::start(&gig).to_string();
    let data = [("volunteer", "v1".to_owned()), ("start", start), ("given_back", "false".to_owned())];
    post.event(EventKind::GigReopened, "gigs/g1", &data).await;
    post.deliver().await;
    assert!(to(&post, 1)().last().is_some_and(|text| text.starts_with("Peruttu")));
}

#[tokio::test]
async fn whom_a_plan_chose_is_not_thanked_for_a_yes() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let mut volunteer = post.volunteer(1);
        volunteer.contact.channels = [Channel::Email].into();
        post.put(&volunteer).await;
        let (gig, now) = (post.gig("g1"), post.clock.time());
        let start = Post::start(&gig);
        post.put(&Gig { state: GigState::Filled, start: Some(start), ..gig.clone() }).await;
        let sample = sample::assignment(&post.network, "x-1", gig.id.as_str(), "v1", gig.span(start).expect("span"));
        let planned =
            Assignment { source: ClaimSource::Plan, told_time: None, create_time: now, update_time: now, ..sample };
        let mut tx = post.db.write().await.expect("write");
        assert_eq!(tx.claim(&planned).await.expect("claim"), store::Claimed::Done);
        tx.commit().await.expect("commit");
        post.event(EventKind::GigFilled, "gigs/g1", &[("volunteers", "v1".to_owned()), ("start", start.to_string())])
            .await;
        post.deliver().await;
        let letters = post.mail.all();
        let letter = letters.iter().find(|one| one.to == "v1@example.org").expect("told");
        assert!(letter.text.contains("kysymättä sinulta ensin") && !letter.text.contains("Kiitos"), "{}", letter.text);
        assert!(letter.text.contains("/r/") && letter.calendar.is_some(), "where it is, and the way out of it");
        assert_eq!(count(&post, "confirmation").await, 0);
        storage.remove().await;
    }
}

/// A yes to an offer, of now.
async fn yes(post: &Post, offer: &Offer, gig: &Gig) -> Gig {
    let (state, answer_time) = (domain::offer::OfferState::Accepted, Some(post.clock.time()));
    post.put(&Offer { state, answer_time, undone: 0, ..offer.clone() }).await;
    post.fill(gig, offer.volunteer.as_str()).await
}

/// The yes is taken back.
async fn undo(post: &Post, offer: &Offer, filled: &Gig) {
    set(post, filled.id.as_str(), offer.volunteer.as_str(), AssignmentState::Released).await;
    post.put(&Gig { state: GigState::Offered, start: None, ..filled.clone() }).await;
    post.put(&Offer { state: domain::offer::OfferState::Sent, answer_time: None, ..offer.clone() }).await;
    let data = [
        ("gig", filled.id.to_string()),
        ("volunteer", offer.volunteer.to_string()),
        ("start", offer.start.to_string()),
    ];
    post.event(EventKind::OfferUndone, &format!("offers/{}", offer.id), &data).await;
}

#[tokio::test]
async fn a_seeker_hears_of_a_yes_when_it_is_firm_and_of_none_that_was_taken_back() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    texting_seeker(&post).await;
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    let offer = post.unannounced("o1", &gig, "v1", 8);
    let mut tx = post.db.write().await.expect("write");
    assert_eq!(tx.insert_offer(&offer).await.expect("insert"), store::Inserted::Done);
    tx.commit().await.expect("commit");
    let heard = || post.sms.all().into_iter().filter(|one| one.to == "+358401111111").count();
    for _ in 0..3 {
        let filled = yes(&post, &offer, &gig).await;
        post.deliver().await;
        post.clock.advance(SignedDuration::from_mins(9));
        undo(&post, &offer, &filled).await;
        post.deliver().await;
        post.clock.advance(SignedDuration::from_mins(30));
        post.deliver().await;
    }
    assert_eq!(heard(), 0, "{:?}", post.sms.all());
    let filled = yes(&post, &offer, &gig).await;
    post.clock.advance(UNDO_WINDOW);
    post.deliver().await;
    assert_eq!(heard(), 0, "it may be taken back to the last instant");
    post.clock.advance(SignedDuration::from_secs(1));
    post.deliver().await;
    assert_eq!(heard(), 1);
    // Somebody else comes and goes after that: what the seeker knows already is not said again.
    for _ in 0..2 {
        set(&post, "g1", "v1", AssignmentState::Released).await;
        post.put(&Gig { state: GigState::Open, start: None, ..filled.clone() }).await;
        let data = [("volunteer", "v1".to_owned()), ("start", Post::start(&gig).to_string())];
        post.event(EventKind::GigReopened, "gigs/g1", &data).await;
        post.deliver().await;
        assert_eq!((heard(), count(&post, "seeker_reopened").await), (2, 1));
        post.clock.advance(SignedDuration::from_mins(1));
        yes(&post, &offer, &gig).await;
        post.deliver().await;
    }
}

#[tokio::test]
async fn a_seeker_whose_helper_comes_soon_hears_of_it_at_once() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    texting_seeker(&post).await;
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    post.clock.set(Post::start(&gig) - SignedDuration::from_mins(25));
    let offer = post.unannounced("o1", &gig, "v1", 8);
    let mut tx = post.db.write().await.expect("write");
    assert_eq!(tx.insert_offer(&offer).await.expect("insert"), store::Inserted::Done);
    tx.commit().await.expect("commit");
    yes(&post, &offer, &gig).await;
    post.deliver().await;
    assert_eq!(post.message("seeker_confirmation").await.state, MessageState::Sent);
}

#[tokio::test]
async fn an_associations_own_system_hears_that_a_yes_was_taken_back() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    for (number, association) in [(1, None), (2, Some("a1"))] {
        let mut volunteer = post.volunteer(number);
        volunteer.association = association.map(|id: &str| id.parse().expect("id"));
        post.put(&volunteer).await;
        let id = format!("g{number}");
        let gig = Gig { association: Some("a1".parse().expect("id")), ..post.gig(&id) };
        post.put(&gig).await;
        let offer = post.unannounced(&format!("o{number}"), &gig, &format!("v{number}"), 8);
        let filled = yes(&post, &offer, &gig).await;
        undo(&post, &offer, &filled).await;
    }
    post.deliver().await;
    let mut told: Vec<String> = post.hook.all().into_iter().map(|one| one.text).collect();
    told.retain(|text| text.contains("offer_undone"));
    told.sort_by_key(|text| text.contains("offers/o2"));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("offers/o1") && !told[0].contains("\"volunteer\""), "another's volunteer: {}", told[0]);
    assert!(told[1].contains("offers/o2") && told[1].contains("\"volunteer\":\"v2\""), "their own: {}", told[1]);
}
