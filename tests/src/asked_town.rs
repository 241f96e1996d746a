//! A town whose volunteers are asked by text message, with a link each: what the tests of the page behind it share.

use http::StatusCode;
use proto::dispatch::v1 as dispatch;
use proto::registry::v1::Seeker;
use proto::r#type::v1::{Intake, Place, ServiceLanguage};

use crate::calendar::Week;
use crate::desk::Desk;
use crate::engines::Engine;
use crate::letterbox::{Letterbox, phone, reachable};
use crate::test_server::{TestServer, Who};
use crate::town::{self, volunteer_name};
use crate::visitor::{Answer, Visitor};

/// What only a yes opens.
pub const SECRETS: [&str; 5] = ["Kanaria Keltanokka", "+358449998877", "Laululinnuntie", "4711KK", "Siivekkäät"];

/// A town with three volunteers, a page for everybody who is asked.
#[derive(Debug)]
pub struct Scene {
    /// The server.
    pub server: TestServer,
    /// Where its messages arrive.
    pub letterbox: Letterbox,
    /// A coordinator.
    pub city: Desk,
    /// Somebody with a browser.
    pub visitor: Visitor,
    /// A week that lies ahead.
    pub week: Week,
}

impl Scene {
    /// Opens it over an engine: `v0` reads Finnish, `v1` Swedish, `v2` English.
    pub async fn open(engine: Engine) -> Self {
        let letterbox = Letterbox::new();
        let server = TestServer::start_with(engine, |settings| letterbox.settle(settings)).await;
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        let languages = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];
        for (number, language) in languages.into_iter().enumerate() {
            city.add_volunteer(&format!("v{number}"), reachable(number, language)).await;
        }
        let home =
            Place { street: "Laululinnuntie 5".to_owned(), locality: "Kouvola".to_owned(), ..town::place(900, 0) };
        let seeker = Seeker {
            phone: "044 9998877".to_owned(),
            home: Some(home),
            intake: Some(Intake { door_code: "4711KK".to_owned(), ..Default::default() }),
            ..town::seeker("Kanaria Keltanokka")
        };
        city.add_seeker("s", seeker).await;
        let visitor = Visitor::of(server.address());
        Self { server, letterbox, city, visitor, week: Week::coming() }
    }

    /// Asks for help on a day at noon.
    pub async fn gig(&self, id: &str, day: i64) -> String {
        let gig = dispatch::Gig {
            notes: "Siivekkäät ruokittava".to_owned(),
            ..town::gig("shopping", "s", self.week.window(day, 9 * 60, 18 * 60))
        };
        self.city.add_gig(id, gig).await.name
    }

    /// Offers a gig at noon of a day to a volunteer; names the offer and its link.
    ///
    /// # Panics
    /// If no letter comes.
    pub async fn ask(&self, gig: &str, day: i64, number: usize) -> (String, String) {
        let before: Vec<_> = self.letterbox.all();
        let offer = self.city.offer(gig, &volunteer_name(&format!("v{number}")), self.week.at(day, 720)).await;
        let to = phone(number);
        let known = before.iter().filter(|letter| letter.to == to && letter.text.contains("/r/")).count();
        let letters = self.letterbox.wait_for(&to, "/r/", known + 1).await;
        let new = letters.into_iter().find(|letter| !before.contains(letter)).expect("a new letter");
        (offer, new.link())
    }

    /// Sends a form of a page.
    pub async fn says(&self, link: &str, form: &str) -> Answer {
        self.visitor.post(link, form.to_owned()).await
    }

    /// What a form leads to: the page is read anew.
    ///
    /// # Panics
    /// If it is not taken.
    pub async fn after(&self, link: &str, form: &str) -> Answer {
        let sent = self.says(link, form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{form}: {}", sent.body);
        assert_eq!(format!("/r/{}", sent.header("location")), link);
        self.visitor.get(link).await
    }

    /// Closes it.
    pub async fn close(self) {
        self.server.stop().await;
    }
}
