//! Where the messages of a server of tests arrive: a folder, with a provider of text messages described beside it, and the letters as
//! their readers have them.

use std::path::Path;
use std::time::{Duration, Instant};

use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::offer::State as Asked;
use proto::notification::v1::notification::State as Told;
use proto::registry::v1::{ContactPreferences, Volunteer};
use proto::r#type::v1 as wire;
use server::Settings;
use tempfile::TempDir;

use crate::desk::Desk;
use crate::refused::granted;
use crate::town::{self, NETWORK};
use crate::town_desk::request_id;

/// The secret that callbacks carry.
pub const SECRET: &str = "s3cret-of-the-gateway";
/// Longest wait for a letter, on a busy machine.
const LETTER_TIME_MAX: Duration = Duration::from_secs(120);

const PROVIDER: &str = r#"
url = "http://127.0.0.1:9/send"
callback_secret = "s3cret-of-the-gateway"
[body]
to = "{to}"
text = "{text}"
reference = "{reference}"
"#;

/// The letterbox.
#[derive(Debug)]
pub struct Letterbox {
    folder: TempDir,
}

/// A text message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is called: `keikka-...`.
    pub reference: String,
    /// To which number.
    pub to: String,
    /// What it says.
    pub text: String,
}

impl Letter {
    /// The path of its link: `/r/...`.
    ///
    /// # Panics
    /// If it has none.
    #[must_use]
    pub fn link(&self) -> String {
        let at = self.text.find("/r/").expect("a link");
        self.text[at..].split_whitespace().next().expect("a link").to_owned()
    }

    /// Its short code.
    ///
    /// # Panics
    /// If it has none.
    #[must_use]
    pub fn code(&self) -> String {
        let is_code = |word: &&str| {
            let bytes = word.as_bytes();
            word.len() == 4
                && bytes[..2].iter().all(u8::is_ascii_uppercase)
                && bytes[2..].iter().all(u8::is_ascii_digit)
        };
        let words = self.text.split(|c: char| !c.is_ascii_alphanumeric());
        words.into_iter().find(is_code).expect("a code").to_owned()
    }
}

impl Letterbox {
    /// An empty one.
    ///
    /// # Panics
    /// If its folder cannot be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::create_dir(folder.path().join("post")).expect("a folder can be made");
        std::fs::write(folder.path().join("sms.toml"), PROVIDER).expect("a file can be written");
        let key: Vec<u8> = (0..64).collect();
        std::fs::write(folder.path().join("reply.key"), key).expect("a file can be written");
        Self { folder }
    }

    /// Has a server put its messages here. No sweep comes in between.
    pub fn settle(&self, settings: &mut Settings) {
        let at = |name: &str| Some(self.folder.path().join(name));
        settings.notification.folder = at("post");
        settings.notification.sms_file = at("sms.toml");
        settings.notification.key_file = at("reply.key");
        settings.notification.link_base = "https://auta.kouvola.example/r/".to_owned();
        settings.server.sweep_interval_s = 86_400;
    }

    /// The file that describes the provider.
    #[must_use]
    pub fn provider_file(&self) -> std::path::PathBuf {
        self.folder.path().join("sms.toml")
    }

    /// Every text message that has arrived, in the order of their references.
    ///
    /// # Panics
    /// If the folder cannot be read.
    #[must_use]
    pub fn all(&self) -> Vec<Letter> {
        let mut letters: Vec<Letter> = std::fs::read_dir(self.folder.path().join("post"))
            .expect("the folder can be read")
            .filter_map(|entry| read(&entry.expect("an entry").path()))
            .collect();
        letters.sort_by(|one, other| one.reference.cmp(&other.reference));
        letters
    }

    /// What was written back to a number.
    ///
    /// # Panics
    /// If the folder cannot be read.
    #[must_use]
    pub fn replies(&self, phone: &str) -> Vec<Letter> {
        let mut found = self.all();
        found.retain(|letter| letter.to == phone && letter.reference.starts_with("keikka-reply-"));
        found
    }

    /// Waits until so many texts were written back to a number, and gives them.
    ///
    /// # Panics
    /// If they do not come.
    pub async fn wait_for_replies(&self, phone: &str, count: usize) -> Vec<Letter> {
        let deadline = Instant::now() + LETTER_TIME_MAX;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let found = self.replies(phone);
            if found.len() >= count {
                return found;
            }
            assert!(Instant::now() < deadline, "{} of {count} replies to {phone}", found.len());
        }
    }

    /// Waits until as many text messages to a number say something, and gives them.
    ///
    /// # Panics
    /// If they do not come.
    pub async fn wait_for(&self, phone: &str, part: &str, count: usize) -> Vec<Letter> {
        let deadline = Instant::now() + LETTER_TIME_MAX;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let mut found = self.all();
            found.retain(|letter| letter.to == phone && letter.text.contains(part));
            if found.len() >= count {
                return found;
            }
            let all: Vec<String> = self.all().into_iter().map(|letter| letter.text).collect();
            assert!(Instant::now() < deadline, "no letter with {part:?} to {phone}, but {all:?}");
        }
    }

    /// Waits for the newest text message to a number that says something.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn wait_for_one(&self, phone: &str, part: &str) -> Letter {
        self.wait_for(phone, part, 1).await.pop().expect("a letter")
    }
}

impl Default for Letterbox {
    fn default() -> Self {
        Self::new()
    }
}

fn read(path: &Path) -> Option<Letter> {
    let reference = path.file_name()?.to_str()?.strip_suffix(".sms.txt")?.to_owned();
    if reference.starts_with('.') {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    let (to, text) = text.strip_prefix("To: ")?.split_once("\n\n")?;
    Some(Letter { reference, to: to.to_owned(), text: text.trim_end().to_owned() })
}

/// The mobile number of the n-th volunteer, as the service writes it.
#[must_use]
pub fn phone(number: usize) -> String {
    format!("+3584020{number:05}")
}

/// Somebody with a mobile phone who may be written to at any hour.
#[must_use]
pub fn reachable(number: usize, language: wire::ServiceLanguage) -> Volunteer {
    let time = |hours| Some(wire::TimeOfDay { hours, minutes: 0 });
    Volunteer {
        phone: phone(number),
        contact: Some(ContactPreferences {
            channels: vec![wire::Channel::Sms.into()],
            weekly_budget: Some(50),
            language: language.into(),
            hours: Some(wire::DaySpan { start_time: time(0), end_time: time(24) }),
        }),
        ..town::volunteer(&format!("Aino Testinen {number}"))
    }
}

impl Desk {
    /// Offers a gig to a volunteer; names the offer.
    pub async fn offer(&self, gig: &str, volunteer: &str, start: prost_types::Timestamp) -> String {
        let offer = dispatch::Offer {
            gig: gig.to_owned(),
            volunteer: volunteer.to_owned(),
            start_time: Some(start),
            ..Default::default()
        };
        let request = dispatch::CreateOfferRequest {
            parent: NETWORK.to_owned(),
            offer: Some(offer),
            request_id: request_id(),
            ..Default::default()
        };
        granted(self.offers.clone().create_offer(request).await).offer.expect("an offer").name
    }

    /// Waits until the books know of every letter of a box that it has gone out, the offers that ask too.
    ///
    /// # Panics
    /// If they do not.
    pub async fn wait_for_books(&self, letterbox: &Letterbox) {
        let deadline = Instant::now() + LETTER_TIME_MAX;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let (letters, known) = (letterbox.all(), self.all_notifications().await);
            let is_settled = |letter: &Letter| {
                let id = letter.reference.trim_start_matches("keikka-");
                let is_it = |name: &str| name.rsplit('/').next().unwrap_or_default().replace('-', "") == id;
                let done = [Told::Sent, Told::Delivered];
                id.starts_with("reply-") || known.iter().any(|one| is_it(&one.name) && done.contains(&one.state()))
            };
            let waits = self.all_offers().await.iter().any(|offer| offer.state() == Asked::Pending);
            if letters.iter().all(is_settled) && !waits {
                return;
            }
            assert!(Instant::now() < deadline, "the books do not know of every letter");
        }
    }

    /// Reads an offer.
    ///
    /// # Panics
    /// If refused.
    pub async fn get_offer(&self, name: &str) -> dispatch::Offer {
        let request = dispatch::GetOfferRequest { name: name.to_owned() };
        granted(self.offers.clone().get_offer(request).await).offer.expect("an offer")
    }
}
