//! Cases on lists.

use domain::{Gig, GigState, Network, Seeker, TimeWindow, Volunteer};

use super::documents::put;
use super::{Subject, sample};
use crate::{Document, Filter, PAGE_SIZE_MAX, PageRequest, Tx};

async fn ids<D: Document>(tx: &mut Tx, subject: &Subject, filter: &Filter) -> Vec<String> {
    let all = tx.all::<D>(&subject.network, filter).await.expect("all");
    let count = tx.count::<D>(&subject.network, filter).await.expect("count");
    assert_eq!(count, all.len() as u64, "{filter:?}");
    all.iter().map(|document| document.id().to_string()).collect()
}

pub(super) async fn pages_are_complete_and_hold_nothing_twice(subject: Subject) {
    // Hyphens, digits and letters sort by byte on both engines, whatever the server's locale.
    let mut wanted: Vec<String> = (0..23).map(|n| format!("v{n}")).chain(["a-b".to_owned(), "ab".to_owned()]).collect();
    let mut tx = subject.database.write().await.expect("write");
    for id in &wanted {
        let _ = tx.insert(&sample::volunteer(&subject.network, id)).await.expect("insert");
        let _ = tx.insert(&sample::volunteer(&subject.other, id)).await.expect("insert");
    }
    tx.commit().await.expect("commit");
    wanted.sort();

    for size in [1, 7, 24, 25, 26, PAGE_SIZE_MAX * 2] {
        let mut tx = subject.database.read().await.expect("read");
        let mut found = Vec::new();
        let mut request = PageRequest::first(size);
        loop {
            let page = tx.list::<Volunteer>(&subject.network, &Filter::any(), &request).await.expect("list");
            assert!(page.items.len() <= request.rows() as usize);
            found.extend(page.items.iter().map(|volunteer| volunteer.id.to_string()));
            assert!(found.len() <= wanted.len(), "page size {size} does not end");
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
        assert_eq!(found, wanted, "page size {size}");
    }

    // A page goes on where it was, whatever others deleted or added before it.
    let first = PageRequest::first(10);
    let mut tx = subject.database.write().await.expect("write");
    let page = tx.list::<Volunteer>(&subject.network, &Filter::any(), &first).await.expect("list");
    let last = page.items.last().expect("ten rows").id.clone();
    assert!(tx.delete::<Volunteer>(&subject.network, &last, None).await.expect("delete"));
    let _ = tx.insert(&sample::volunteer(&subject.network, "aaa")).await.expect("insert");
    let rest = PageRequest { size: 100, after: page.next };
    let rest = tx.list::<Volunteer>(&subject.network, &Filter::any(), &rest).await.expect("list");
    assert_eq!(rest.items.len(), wanted.len() - 10);
}

pub(super) async fn filters_pick_what_they_say(subject: Subject) {
    let network = &subject.network;
    let open = sample::gig(network, "open");
    let later =
        Gig { windows: vec![sample::span(600, 700)], seeker: sample::parse("s2"), ..sample::gig(network, "later") };
    let filled = Gig { state: GigState::Filled, kind: sample::parse("call"), ..sample::gig(network, "filled") };
    let started =
        Gig { state: GigState::InProgress, association: Some(sample::parse("a1")), ..sample::gig(network, "started") };
    for gig in [&open, &later, &filled, &started] {
        put(&subject.database, gig).await;
    }
    put(&subject.database, &Seeker { association: None, ..sample::seeker(network, "s1") }).await;
    put(&subject.database, &sample::seeker(network, "s2")).await;

    let window = |from, to| {
        let span: TimeWindow = sample::span(from, to);
        Filter::any().between(span.start(), span.end())
    };
    let cases = [
        (Filter::any(), vec!["filled", "later", "open", "started"]),
        (Filter::any().state("open"), vec!["later", "open"]),
        (Filter::any().state("filled").state("in_progress"), vec!["filled", "started"]),
        (Filter::any().state("in"), vec![]),
        (Filter::any().state("unmet"), vec![]),
        (Filter { kind: Some(sample::parse("call")), ..Filter::any() }, vec!["filled"]),
        (Filter { seeker: Some(sample::parse("s2")), ..Filter::any() }, vec!["later"]),
        (Filter { association: Some(sample::parse("a1")), ..Filter::any() }, vec!["started"]),
        (window(-100, 0), vec![]),
        (window(-100, 1), vec!["filled", "open", "started"]),
        (window(119, 601), vec!["filled", "later", "open", "started"]),
        (window(120, 600), vec![]),
        (Filter { from: Some(sample::minute(120)), ..Filter::any() }, vec!["later"]),
        (window(0, 120).state("open"), vec!["open"]),
    ];
    let mut tx = subject.database.read().await.expect("read");
    for (filter, wanted) in cases {
        assert_eq!(ids::<Gig>(&mut tx, &subject, &filter).await, wanted, "{filter:?}");
    }
    let of_one = Filter { association: Some(sample::parse("a1")), ..Filter::any() };
    assert_eq!(ids::<Seeker>(&mut tx, &subject, &of_one).await, ["s2"]);
    let page = tx.list::<Gig>(network, &Filter::any().state("open"), &PageRequest::first(1)).await.expect("list");
    assert_eq!((page.items.len(), page.next.as_deref()), (1, Some("later")), "a filter holds on every page");
}

pub(super) async fn networks_are_listed(subject: Subject) {
    for id in [&subject.network, &subject.other] {
        put(&subject.database, &sample::network(id)).await;
    }
    let mut tx = subject.database.read().await.expect("read");
    let bound = tx.list_networks(Some(&subject.network), &PageRequest::default()).await.expect("list");
    assert_eq!(bound.items, [sample::network(&subject.network)]);
    let mut all: Vec<Network> = Vec::new();
    let mut request = PageRequest::first(1);
    loop {
        let page = tx.list_networks(None, &request).await.expect("list");
        all.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    for id in [&subject.network, &subject.other] {
        assert_eq!(all.iter().filter(|network| network.id == *id).count(), 1, "{id}");
    }
}
