//! A new SQLite file with a nation in it, written by the store in large transactions.

use std::path::Path;
use std::time::Instant;

use domain::kind::Category;
use domain::{Kind, Name, Seeker, Timestamp};
use store::conformance::sample;
use store::{Database, Document, Inserted, OpenOptions, Tx};

use crate::people::{People, SEEKERS, gig, monday, network, volunteer};

/// Documents of one transaction.
const BATCH: usize = 10_000;

async fn put<D: Document>(tx: &mut Tx, document: &D) {
    assert_eq!(tx.insert(document).await.expect("the store takes it"), Inserted::Done);
}

/// Fills a new file.
pub(crate) async fn fill(file: &Path, volunteers: usize) {
    let begun = Instant::now();
    let url = format!("sqlite://{}", file.display());
    let database = Database::open(&url, OpenOptions::creating()).await.expect("the file can be made");
    database.migrate().await.expect("an empty file can be migrated");
    let monday = monday(Timestamp::now());
    let mut people = People::new(volunteers);
    let mut tx = database.write().await.expect("the only writer");
    put(&mut tx, &sample::network(&network())).await;
    for (id, category) in [
        ("home", Category::Household),
        ("shopping", Category::Errand),
        ("call", Category::Call),
        ("escort", Category::Escort),
        ("family", Category::Family),
    ] {
        let kind = Kind {
            category,
            place_bound: id != "call",
            helpers: 1,
            first_visit_two: false,
            required_skills: Default::default(),
            min_age: None,
            ..sample::kind(&network(), id)
        };
        put(&mut tx, &kind).await;
    }
    for id in ["tools", "garden", "it", "phone", "escort", "checked", "first-aid", "car"] {
        put(&mut tx, &domain::Skill { expires: false, ..sample::skill(&network(), id) }).await;
    }
    for n in 0..SEEKERS {
        let id = format!("s{n}");
        let seeker = Seeker {
            association: None,
            familiar: Default::default(),
            blocked: Default::default(),
            intake: Default::default(),
            contact_mode: Default::default(),
            name: domain::Sensitive::new(Name::new(format!("Avunsaaja {n}")).expect("a name")),
            ..sample::seeker(&network(), &id)
        };
        put(&mut tx, &seeker).await;
    }
    for (done, member) in people.members().enumerate() {
        if done % BATCH == 0 {
            tx.commit().await.expect("it can be stored");
            tx = database.write().await.expect("the only writer");
        }
        put(&mut tx, &volunteer(&member)).await;
    }
    for row in people.gigs() {
        put(&mut tx, &gig(&row, monday)).await;
    }
    tx.commit().await.expect("it can be stored");
    database.close().await;
    println!("filled_s {:.1}", begun.elapsed().as_secs_f64());
}
