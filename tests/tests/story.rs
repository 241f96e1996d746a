//! The end-to-end story: a network comes to life from coordinators' lists, a caller is helped at once, a helper falls ill, the week is
//! rematched, shown and applied, an open gig is explained and the explanation proven, volunteers help themselves from the board and
//! answer offers. Told by a Rust client with the keys of those who do it, on both engines.

use std::collections::BTreeSet;

use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::assignment::{Source, State as Held};
use proto::dispatch::v1::explanation::Class;
use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::offer::State as Asked;
use proto::dispatch::v1::plan::State as PlanState;
use proto::dispatch::v1::plan_item::Change;
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::for_each_engine;
use tests::importing::List;
use tests::referee::Books;
use tests::refused::{code_and_reason, granted, refused};
use tests::test_server::{TestServer, Who};
use tests::town::{NETWORK, gig, gig_name, volunteer_name};
use tests::town_desk::request_id;
use tonic::Code;

const VOLUNTEERS: &str = "\
Tunniste;Nimi;Puhelin;Leveysaste;Pituusaste;Postinumero;Kielet;Keikkalajit;Taidot;Saatavuus;Kulkutapa;Matkaraja;Enintään päivässä;Enintään viikossa;Syntymävuosi
V-1;Aino Testinen;040 123 4501;60,868;26,704;45100;suomi;kauppa-apu, call;;ma-su 8-20;auto;30;5;20;1960
V-2;Veikko Testinen;040 123 4502;60,870;26,710;45100;suomi, ruotsi;kauppa-apu, household;;ma-su 8-20;pyörä;40;5;20;1971
V-3;Liisa Esimerkki;040 123 4503;60,900;26,650;45700;suomi, venäjä;call;;ma-su 8-20;auto;30 min;5;20;1950
V-4;Kalle Kokeilija;040 123 4504;60,866;26,700;45100;suomi;household;;ma-su 8-20;kävellen;45;2;4;1999
V-5;Ritva Rinnakkainen;040 123 4505;60,880;26,690;45100;suomi;saattoapu;carrying;ma-su 8-20;auto;30;5;20;1955
V-6;Tauno Toinen;040 123 4506;60,860;26,720;45100;suomi;saattoapu;carrying;ma-su 8-20;auto;30;5;20;1958
";

const SEEKERS: &str = "\
Tunniste;Nimi;Leveysaste;Pituusaste;Postinumero;Kielet;Ovikoodi
S-1;Eino Esimerkki;60,868;26,720;45100;suomi;1234
S-2;Eva Exempel;60,872;26,715;45100;ruotsi;
S-3;Tyyne Testinen;60,869;26,700;45100;suomi;
S-4;Kauko Kaukainen;60,868;27,070;46400;suomi;
";

/// The week's requests: tunniste, laji, avunsaaja, päivä, kello, kesto, auttajia, kiireellisyys.
fn requests(week: Week) -> String {
    let rows = [
        ("G-1", "kauppa-apu", "S-1", 0, "9-12", "60 min", "", 3),
        ("G-2", "household", "S-2", 1, "10-14", "60 min", "", 4),
        ("G-3", "call", "S-1", 1, "12-13", "30 min", "", 2),
        ("G-4", "kauppa-apu", "S-3", 2, "9-15", "60 min", "", 2),
        ("G-5", "saattoapu", "S-1", 3, "10-15", "120 min", "2", 5),
        ("G-6", "kauppa-apu", "S-3", 4, "9-12", "60 min", "", 3),
        ("G-7", "household", "S-3", 4, "13-17", "60 min", "", 3),
        ("G-8", "kauppa-apu", "S-4", 5, "9-15", "60 min", "", 3),
        ("G-10", "kauppa-apu", "S-1", 6, "9-15", "60 min", "2", 3),
    ];
    let mut text = "Tunniste;Laji;Avunsaaja;Päivä;Kello;Kesto;Auttajia;Kiireellisyys\n".to_owned();
    for (id, kind, seeker, day, hours, minutes, helpers, priority) in rows {
        let day = week.finnish(day);
        text.push_str(&format!("{id};{kind};{seeker};{day};{hours};{minutes};{helpers};{priority}\n"));
    }
    text
}

/// Everybody in the story.
struct Story {
    week: Week,
    ops: Desk,
    city: Desk,
    agent: Desk,
    aino: Desk,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_from_lists_to_promises() {
    for_each_engine(|server| async move {
        let story = Story::of(&server);
        story.lists_become_people_and_requests().await;
        story.a_caller_is_helped_at_once().await;
        story.a_helper_falls_ill_and_another_request_is_called_off().await;
        story.the_week_is_rematched_shown_and_applied_once().await;
        story.a_stale_plan_changes_nothing().await;
        story.an_open_gig_is_explained_and_the_explanation_is_true().await;
        story.a_volunteer_helps_herself_from_the_board().await;
        story.offers_are_declined_and_accepted().await;
        story.two_helpers_make_one_promise().await;
        story.everybody_concerned_will_be_told().await;
        story.a_gig_is_begun_and_done(&server).await;
        let findings = Books::read(&story.city).await.findings();
        assert_eq!(findings, Vec::<String>::new());
        server.stop().await;
    })
    .await;
}

impl Story {
    fn of(server: &TestServer) -> Self {
        Self {
            week: Week::coming(),
            ops: server.desk(Who::Ops),
            city: server.desk(Who::City),
            agent: server.desk(Who::CallCentre),
            aino: server.desk(Who::Volunteer),
        }
    }

    async fn lists_become_people_and_requests(&self) {
        self.ops.found_network().await;
        let kinds = proto::registry::v1::ListKindsRequest { parent: NETWORK.to_owned(), ..Default::default() };
        let kinds = granted(self.city.catalogue.clone().list_kinds(kinds).await).kinds;
        assert_eq!(kinds.len(), 8, "a new network has the default catalogue");
        let gigs = requests(self.week);
        let files: [(List, &str, &[u8], i32); 3] = [
            (List::Volunteers, "vapaaehtoiset.csv", VOLUNTEERS.as_bytes(), 6),
            (List::Seekers, "avunsaajat.csv", SEEKERS.as_bytes(), 4),
            (List::Gigs, "pyynnot.csv", gigs.as_bytes(), 9),
        ];
        for (list, name, bytes, rows) in files {
            let rehearsed = self.city.rehearse(list, name, bytes).await;
            assert_eq!((rehearsed.counts(), rehearsed.problems), ((rows, 0, 0, 0), vec![]), "{name}");
            let imported = self.city.import(list, name, bytes).await;
            assert_eq!((imported.counts(), imported.summary.stored), ((rows, 0, 0, 0), true), "{name}");
            assert_eq!(imported.progress.last().map(|last| (last.rows_done, last.rows_total)), Some((rows, rows)));
            assert_eq!(self.city.import(list, name, bytes).await.counts(), (0, 0, rows, 0), "{name} again");
        }
    }

    async fn a_caller_is_helped_at_once(&self) {
        let name = gig_name("g-1");
        let quote = |name: &str, gig: Option<dispatch::Gig>| dispatch::QuoteGigRequest {
            parent: NETWORK.to_owned(),
            name: name.to_owned(),
            gig,
            candidate_limit: 5,
        };
        let mut matching = self.agent.matching.clone();
        let quoted = granted(matching.quote_gig(quote(&name, None)).await);
        let who: BTreeSet<&str> = quoted.candidates.iter().map(|one| one.volunteer.as_str()).collect();
        assert_eq!(who, [volunteer_name("v-1").as_str(), &volunteer_name("v-2")].into(), "two do shopping");
        assert_eq!((quoted.considered_count, quoted.able_count), (6, 2));
        assert!(quoted.candidates.is_sorted_by(|a, b| a.total >= b.total), "best first");
        for candidate in &quoted.candidates {
            assert_eq!(candidate.terms.iter().map(|term| term.points).sum::<i64>(), candidate.total, "{candidate:?}");
        }
        assert_eq!(quoted.feasible_starts.first().map(|start| start.start_time), Some(Some(self.week.at(0, 9 * 60))));
        // What is only talked about gives the same answer and is not stored.
        let talked = Some(gig("shopping", "s-1", self.week.window(0, 9 * 60, 12 * 60)));
        let inline = granted(matching.quote_gig(quote("", talked)).await);
        assert_eq!(inline.candidates, quoted.candidates);
        assert_eq!(self.city.all_gigs().await.len(), 9);

        let best = &quoted.candidates[0];
        let request = dispatch::AssignVolunteerRequest {
            name: name.clone(),
            start_time: best.start_time,
            assignments: vec![dispatch::SlotAssignment { slot: 0, volunteer: best.volunteer.clone() }],
            validate_only: true,
            ..Default::default()
        };
        granted(self.agent.gigs.clone().assign_volunteer(request.clone()).await);
        assert_eq!(self.agent.gig(&name).await.state(), State::Open, "to ask first stores nothing");
        let request = dispatch::AssignVolunteerRequest { validate_only: false, request_id: request_id(), ..request };
        let gig = granted(self.agent.gigs.clone().assign_volunteer(request.clone()).await).gig.expect("a gig");
        assert_eq!((gig.state(), gig.agreed_start_time), (State::Filled, best.start_time));
        let promise = &gig.assignments[0];
        assert_eq!(
            (promise.state(), promise.source(), &promise.volunteer),
            (Held::Accepted, Source::Quote, &best.volunteer)
        );
        let again = granted(self.agent.gigs.clone().assign_volunteer(request.clone()).await).gig;
        assert_eq!(again, Some(gig.clone()), "the same request has the same answer");
        let other = dispatch::AssignVolunteerRequest { reason: "toinen".to_owned(), ..request };
        let told = code_and_reason(self.agent.gigs.clone().assign_volunteer(other).await);
        assert_eq!(told, (Code::InvalidArgument, "REQUEST_ID_REUSED".to_owned()));
        let told = code_and_reason(self.agent.assign(&name, &[&volunteer_name("v-2")], best.start_time).await);
        assert_eq!(told, (Code::FailedPrecondition, "SLOT_TAKEN".to_owned()));
    }

    async fn a_helper_falls_ill_and_another_request_is_called_off(&self) {
        let name = gig_name("g-1");
        let promise = self.agent.gig(&name).await.assignments[0].name.clone();
        let released = granted(self.agent.release(&promise, "sairastui").await);
        let (gave, gig) = (released.assignment.expect("an assignment"), released.gig.expect("a gig"));
        assert_eq!((gave.state(), gave.release_reason.as_str()), (Held::Released, "sairastui"));
        assert_eq!((gig.state(), gig.reopened_count, gig.assignments.len()), (State::Open, 1, 0));
        let told = code_and_reason(self.agent.release(&promise, "").await);
        assert_eq!(told, (Code::FailedPrecondition, "ASSIGNMENT_STATE_ILLEGAL".to_owned()));

        let cancelled = granted(self.agent.cancel(&gig_name("g-4"), "asia hoitui").await).gig.expect("a gig");
        assert_eq!((cancelled.state(), cancelled.cancel_reason.as_str()), (State::Cancelled, "asia hoitui"));
        let told = code_and_reason(self.agent.cancel(&gig_name("g-4"), "").await);
        assert_eq!(told, (Code::FailedPrecondition, "GIG_STATE_ILLEGAL".to_owned()));
    }

    async fn the_week_is_rematched_shown_and_applied_once(&self) {
        let before = Books::read(&self.city).await;
        let (plan, _) = self.ops.plan(self.week.days(4)).await;
        assert_eq!(plan.state(), PlanState::Ready, "{}", plan.failure);
        let outcome = plan.outcome.clone().expect("an outcome");
        let priorities: Vec<i32> = outcome.coverage_by_priority.iter().map(|coverage| coverage.priority).collect();
        assert_eq!(priorities, [5, 4, 3, 2, 1], "the most urgent first");
        let items: BTreeSet<(String, Change)> =
            outcome.items.iter().map(|item| (item.gig.clone(), item.change())).collect();
        let new = ["g-1", "g-2", "g-3", "g-5"].map(|id| (gig_name(id), Change::New));
        assert_eq!(items, new.into(), "four gigs of the first four days can be filled");
        let escort = outcome.items.iter().find(|item| item.gig == gig_name("g-5")).expect("the escort");
        let both: BTreeSet<&str> = escort.volunteers.iter().map(String::as_str).collect();
        assert_eq!(both, [volunteer_name("v-5").as_str(), &volunteer_name("v-6")].into());
        assert_eq!((outcome.covered_count, outcome.gig_count, outcome.gap), (4, 4, 0.0));
        assert_eq!((outcome.weight, outcome.bound_weight), (4 + 8 + 2 + 16, 4 + 8 + 2 + 16));
        let after = Books::read(&self.city).await;
        assert_eq!((&before.gigs, &before.assignments), (&after.gigs, &after.assignments), "a plan writes nothing");
        assert!(outcome.items.iter().all(|item| !item.why.is_empty()));

        let key = request_id();
        let applied = granted(self.ops.apply(&plan.name, &key).await);
        assert_eq!(
            (applied.applied_count, applied.plan.as_ref().map(|plan| plan.state())),
            (4, Some(PlanState::Applied))
        );
        let books = Books::read(&self.city).await;
        assert_eq!(granted(self.ops.apply(&plan.name, &key).await), applied, "the same request has the same answer");
        let told = code_and_reason(self.ops.apply(&plan.name, &request_id()).await);
        assert_eq!(told, (Code::FailedPrecondition, "PLAN_NOT_READY".to_owned()));
        assert_eq!(Books::read(&self.city).await.assignments, books.assignments, "applied once");
        for item in &outcome.items {
            let gig = &books.gigs[&item.gig];
            let helpers: Vec<&str> = gig.assignments.iter().map(|assignment| assignment.volunteer.as_str()).collect();
            assert_eq!((gig.state(), gig.agreed_start_time), (State::Filled, item.start_time));
            assert_eq!(helpers, item.volunteers, "as shown");
            assert!(gig.assignments.iter().all(|assignment| assignment.source() == Source::Plan));
        }
        // A plan over what is promised keeps it.
        let (second, _) = self.city.plan(self.week.days(4)).await;
        let outcome = second.outcome.as_ref().expect("an outcome");
        assert!(outcome.items.iter().all(|item| item.change() == Change::Kept), "{:?}", outcome.items);
        let discarded = granted(self.city.discard(&second.name).await).plan.expect("a plan");
        assert_eq!(discarded.state(), PlanState::Discarded);
    }

    async fn a_stale_plan_changes_nothing(&self) {
        self.agent.add_gig("g-9", gig("shopping", "s-3", self.week.window(2, 10 * 60, 14 * 60))).await;
        let (plan, _) = self.city.plan(self.week.days(4)).await;
        let items = plan.outcome.as_ref().expect("an outcome").items.clone();
        let new: Vec<&str> = items.iter().filter(|item| item.change() == Change::New).map(|i| i.gig.as_str()).collect();
        assert_eq!(new, [gig_name("g-9")]);
        // Meanwhile the caller changes the time of the request.
        let mut changed = self.agent.gig(&gig_name("g-9")).await;
        changed.windows = vec![self.week.window(2, 16 * 60, 18 * 60)];
        let request = dispatch::UpdateGigRequest {
            gig: Some(changed),
            update_mask: Some(prost_types::FieldMask { paths: vec!["windows".to_owned()] }),
            ..Default::default()
        };
        granted(self.agent.gigs.clone().update_gig(request).await);
        let before = Books::read(&self.city).await;
        let told = refused(self.city.apply(&plan.name, &request_id()).await);
        assert_eq!((told.code, told.reason.as_str()), (Code::Aborted, "PLAN_STALE"), "{told:?}");
        let after = Books::read(&self.city).await;
        assert_eq!((before.gigs, before.assignments), (after.gigs, after.assignments), "nothing changed");
        granted(self.agent.cancel(&gig_name("g-9"), "").await);
    }

    async fn an_open_gig_is_explained_and_the_explanation_is_true(&self) {
        let name = gig_name("g-8");
        let told = self.city.explain(&name).await;
        assert_eq!((told.class(), told.considered_count), (Class::NobodyEligible, 6));
        let left: Vec<i32> = told.cascade.iter().map(|step| step.remaining).collect();
        assert!(left.is_sorted_by(|a, b| a >= b) && left.last() == Some(&0), "{:?}", told.cascade);
        let miss = told.nearest_misses.first().expect("a nearest miss");
        assert_eq!((miss.volunteer.as_str(), miss.rule.as_str()), (volunteer_name("v-1").as_str(), "TOO_FAR"));
        // The change it names is enough, and less is not.
        let minutes = (miss.amount + 59) / 60;
        let mut aino = self.city.volunteer(&miss.volunteer).await;
        let limit = aino.travel_limit_minutes;
        for (more, class) in [(minutes - 1, Class::NobodyEligible), (minutes, Class::Assignable)] {
            aino.travel_limit_minutes = limit + more as i32;
            let changed = self.city.change_volunteer(aino.clone(), &["travel_limit_minutes"]).await;
            aino = granted(changed).volunteer.expect("a volunteer");
            assert_eq!(self.city.explain(&name).await.class(), class, "{more} minutes more");
        }
        let start = self.week.at(5, 10 * 60);
        let gig = granted(self.city.assign(&name, &[&miss.volunteer], Some(start)).await).gig.expect("a gig");
        assert_eq!(gig.state(), State::Filled);
        assert_eq!(self.city.explain(&name).await.class(), Class::Filled);
    }

    async fn a_volunteer_helps_herself_from_the_board(&self) {
        let me = volunteer_name("v-1");
        let board = self.aino.board_of(&me).await;
        let seen: BTreeSet<&str> = board.iter().map(|entry| entry.gig.as_str()).collect();
        assert_eq!(seen, [gig_name("g-6").as_str(), &gig_name("g-10")].into(), "what she is able to take");
        let entry = board.iter().find(|entry| entry.gig == gig_name("g-6")).expect("the gig");
        let place = entry.place.as_ref().expect("a coarse place");
        assert!(!place.h3_cell.is_empty() && entry.travel_seconds.is_some());
        let claimed = granted(self.aino.claim(&entry.gig, &me, None).await);
        let (gig, mine) = (claimed.gig.expect("a gig"), claimed.assignment.expect("an assignment"));
        assert_eq!((gig.state(), mine.state(), mine.source()), (State::Filled, Held::Accepted, Source::Board));
        assert_eq!(gig.place.map(|place| place.street).unwrap_or_default(), "", "no street on the way back");
        assert!(
            !self.aino.board_of(&me).await.iter().any(|entry| entry.gig == gig_name("g-6")),
            "it has left the board"
        );
        let foreign = code_and_reason(self.aino.claim(&gig_name("g-10"), &volunteer_name("v-2"), None).await);
        assert_eq!(foreign, (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned()), "nobody claims for another");
    }

    async fn offers_are_declined_and_accepted(&self) {
        let name = gig_name("g-7");
        let offer = |volunteer: &str| dispatch::CreateOfferRequest {
            parent: NETWORK.to_owned(),
            offer: Some(dispatch::Offer {
                gig: gig_name("g-7"),
                volunteer: volunteer_name(volunteer),
                start_time: Some(self.week.at(4, 14 * 60)),
                ..Default::default()
            }),
            request_id: request_id(),
            ..Default::default()
        };
        let mut offers = self.agent.offers.clone();
        let told = code_and_reason(offers.create_offer(offer("v-3")).await);
        assert_eq!(told, (Code::FailedPrecondition, "VOLUNTEER_NOT_ABLE".to_owned()));
        let first = granted(offers.create_offer(offer("v-4")).await).offer.expect("an offer");
        assert_eq!((first.state(), self.agent.gig(&name).await.state()), (Asked::Pending, State::Offered));
        assert_eq!(self.city.explain(&name).await.class(), Class::Waiting);
        let decline = dispatch::DeclineOfferRequest {
            name: first.name.clone(),
            reason: dispatch::offer::DeclineReason::OtherHour.into(),
            ..Default::default()
        };
        let declined = granted(offers.decline_offer(decline).await).offer.expect("an offer");
        assert_eq!((declined.state(), self.agent.gig(&name).await.state()), (Asked::Declined, State::Open));
        let second = granted(offers.create_offer(offer("v-2")).await).offer.expect("an offer");
        let accept = dispatch::AcceptOfferRequest { name: second.name, ..Default::default() };
        let accepted = granted(offers.accept_offer(accept.clone()).await);
        let promise = accepted.assignment.expect("an assignment");
        assert_eq!((promise.state(), promise.source()), (Held::Accepted, Source::Offer));
        assert_eq!(self.agent.gig(&name).await.state(), State::Filled);
        let told = code_and_reason(offers.accept_offer(accept).await);
        assert_eq!(told, (Code::FailedPrecondition, "OFFER_ENDED".to_owned()));
    }

    async fn two_helpers_make_one_promise(&self) {
        let name = gig_name("g-10");
        let start = self.week.at(6, 10 * 60);
        let first = granted(self.aino.claim(&name, &volunteer_name("v-1"), Some(start)).await);
        let held = (first.gig.map(|gig| gig.state()), first.assignment.map(|assignment| assignment.state()));
        assert_eq!(held, (Some(State::Open), Some(Held::Held)), "one of two is no promise yet");
        let other = dispatch::SlotAssignment { slot: 1, volunteer: volunteer_name("v-2") };
        let request =
            dispatch::AssignVolunteerRequest { name: name.clone(), assignments: vec![other], ..Default::default() };
        let gig = granted(self.agent.gigs.clone().assign_volunteer(request).await).gig.expect("a gig");
        let states: Vec<Held> = gig.assignments.iter().map(|assignment| assignment.state()).collect();
        assert_eq!((gig.state(), states), (State::Filled, vec![Held::Accepted; 2]));
        assert!(gig.assignments.iter().all(|assignment| assignment.start_time == Some(start)), "one start for both");
    }

    async fn a_gig_is_begun_and_done(&self, server: &TestServer) {
        let name = gig_name("g-7");
        let (start, complete) = (
            dispatch::StartGigRequest { name: name.clone(), ..Default::default() },
            dispatch::CompleteGigRequest { name: name.clone(), ..Default::default() },
        );
        let mut gigs = self.agent.gigs.clone();
        let told = code_and_reason(gigs.complete_gig(complete.clone()).await);
        assert_eq!(told, (Code::FailedPrecondition, "GIG_STATE_ILLEGAL".to_owned()));
        let told = code_and_reason(gigs.start_gig(start.clone()).await);
        assert_eq!(told, (Code::FailedPrecondition, "TOO_EARLY".to_owned()), "it is days away");
        let agreed = self.agent.gig(&name).await.agreed_start_time.expect("a start");
        server.clock.advance_s(agreed.seconds - server.clock.now().as_second() - 60);
        assert_eq!(granted(gigs.start_gig(start).await).gig.map(|gig| gig.state()), Some(State::InProgress));
        let told = code_and_reason(gigs.complete_gig(complete.clone()).await);
        assert_eq!(told, (Code::FailedPrecondition, "TOO_EARLY".to_owned()), "a minute is left");
        server.clock.advance_s(60);
        assert_eq!(granted(gigs.complete_gig(complete).await).gig.map(|gig| gig.state()), Some(State::Completed));
    }

    async fn everybody_concerned_will_be_told(&self) {
        let kinds: Vec<String> = self.city.events(&gig_name("g-1")).await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["created", "gig_filled", "gig_reopened", "gig_filled"]);
        let events = self.city.events(&gig_name("g-1")).await;
        assert_eq!((events[2].reason.as_str(), events[2].actor.as_str()), ("sairastui", "callcentre"));
        let outbox = self.city.all_notifications().await;
        let rows: Vec<(&str, &str)> =
            outbox.iter().map(|row| (row.event_kind.as_str(), row.subject.as_str())).collect();
        let count = |kind: &str, id: &str| rows.iter().filter(|row| **row == (kind, gig_name(id).as_str())).count();
        for (kind, id, times) in [
            ("gig_filled", "g-1", 2),
            ("gig_reopened", "g-1", 1),
            ("gig_cancelled", "g-4", 1),
            ("gig_filled", "g-5", 1),
            ("gig_filled", "g-6", 1),
            ("gig_filled", "g-7", 1),
            ("slot_held", "g-10", 1),
            ("gig_filled", "g-10", 1),
        ] {
            assert_eq!(count(kind, id), times, "{kind} {id} in {rows:?}");
        }
        let of = |kind: &str| rows.iter().filter(|row| row.0 == kind).count();
        assert_eq!((of("offer_made"), of("offer_ended")), (2, 1));
    }
}
