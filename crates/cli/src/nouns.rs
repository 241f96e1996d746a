//! The nouns of the API as one table. What a noun can do is read from the descriptors: a service that has `ListKinds` gives
//! `keikka kind list`. A new resource is a new row here.

use prost_reflect::MethodDescriptor;

use crate::client::find_method;
use crate::output::{Column, Show};

/// A noun of the command line.
#[derive(Debug)]
pub(crate) struct Noun {
    /// The word: `gig`.
    pub(crate) word: &'static str,
    /// The collection in resource names: `gigs`.
    pub(crate) collection: &'static str,
    /// One line for the help.
    pub(crate) about: &'static str,
    /// The service: `keikka.dispatch.v1.GigService`.
    service: &'static str,
    /// The word in method names: `Gig`.
    message: &'static str,
    /// The plural in method names: `Gigs`.
    messages: &'static str,
    /// The columns of its lists.
    pub(crate) columns: &'static [Column],
    /// What its lists can be narrowed by.
    pub(crate) filters: &'static [Filter],
    /// Its own verbs that change its state.
    pub(crate) transitions: &'static [Transition],
}

/// A flag that narrows a list.
#[derive(Debug)]
pub(crate) struct Filter {
    /// The flag and the field of the filter: `state`.
    pub(crate) field: &'static str,
    /// How its value is written to the server.
    pub(crate) form: FilterForm,
}

/// How the value of a filter flag is written to the server.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FilterForm {
    /// As it is.
    Plain,
    /// In capitals, as enum values are.
    Capitals,
    /// As the resource name of an id in this collection.
    Resource(&'static str),
}

/// A verb that takes a resource and perhaps a reason, and changes its state.
#[derive(Debug)]
pub(crate) struct Transition {
    /// The verb: `cancel`.
    pub(crate) verb: &'static str,
    /// The method: `CancelGig`.
    pub(crate) rpc: &'static str,
    /// One line for the help.
    pub(crate) about: &'static str,
    /// Whether it asks first: it breaks promises or cannot be taken back.
    pub(crate) asks: bool,
}

/// The standard methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    /// `List..`
    List,
    /// `Get..`
    Get,
    /// `Create..`
    Create,
    /// `Update..`
    Update,
    /// `Delete..`
    Delete,
}

impl Standard {
    /// All of them, in the order of the help.
    pub(crate) const ALL: [Standard; 5] =
        [Standard::List, Standard::Get, Standard::Create, Standard::Update, Standard::Delete];

    /// The word on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Standard::List => "list",
            Standard::Get => "get",
            Standard::Create => "create",
            Standard::Update => "update",
            Standard::Delete => "delete",
        }
    }
}

impl Noun {
    /// The noun of a word.
    pub(crate) fn of(word: &str) -> Option<&'static Noun> {
        NOUNS.iter().find(|noun| noun.word == word)
    }

    /// The path of a method of its service: `keikka.dispatch.v1.GigService/CancelGig`.
    pub(crate) fn path(&self, rpc: &str) -> String {
        format!("{}/{rpc}", self.service)
    }

    /// The path of a standard method.
    pub(crate) fn standard(&self, method: Standard) -> String {
        match method {
            Standard::List => self.path(&format!("List{}", self.messages)),
            Standard::Get => self.path(&format!("Get{}", self.message)),
            Standard::Create => self.path(&format!("Create{}", self.message)),
            Standard::Update => self.path(&format!("Update{}", self.message)),
            Standard::Delete => self.path(&format!("Delete{}", self.message)),
        }
    }

    /// The standard method, if the API has it.
    pub(crate) fn has(&self, method: Standard) -> Option<MethodDescriptor> {
        find_method(&self.standard(method))
    }

    /// The field of requests and answers that holds the resource, in JSON: `gig`.
    pub(crate) fn field(&self) -> &'static str {
        self.word
    }

    /// Whether it lives inside a network.
    pub(crate) fn in_network(&self) -> bool {
        self.collection != "networks"
    }

    /// The resource name of an id, or of a name given in full.
    pub(crate) fn name(&self, network: &str, id: &str) -> String {
        if id.contains('/') {
            id.to_owned()
        } else if self.in_network() {
            format!("networks/{network}/{}/{id}", self.collection)
        } else {
            format!("networks/{id}")
        }
    }
}

const NAME: Show = Show::Id;

const fn plain(field: &'static str) -> Filter {
    Filter { field, form: FilterForm::Plain }
}

const fn state() -> Filter {
    Filter { field: "state", form: FilterForm::Capitals }
}

const fn reference(field: &'static str, collection: &'static str) -> Filter {
    Filter { field, form: FilterForm::Resource(collection) }
}

const fn transition(verb: &'static str, rpc: &'static str, about: &'static str) -> Transition {
    Transition { verb, rpc, about, asks: false }
}

const fn asking(verb: &'static str, rpc: &'static str, about: &'static str) -> Transition {
    Transition { verb, rpc, about, asks: true }
}

/// Every noun, in the order of the help.
pub(crate) static NOUNS: &[Noun] = &[
    Noun {
        word: "gig",
        collection: "gigs",
        about: "Gigs: one help request each, from the call to the end",
        service: "keikka.dispatch.v1.GigService",
        message: "Gig",
        messages: "Gigs",
        columns: &[
            Column::new("gig", "name", NAME),
            Column::new("kind", "kind", NAME),
            Column::new("where", "place.locality", Show::Text).within(13),
            Column::new("when", "windows", Show::Windows).within(25),
            Column::new("prio", "priority", Show::Text),
            Column::new("state", "state", Show::Enum("STATE_")),
        ],
        filters: &[
            state(),
            reference("kind", "kinds"),
            reference("seeker", "seekers"),
            reference("association", "associations"),
            plain("campaign"),
            plain("priority"),
            plain("external_id"),
            plain("text"),
        ],
        transitions: &[
            asking("cancel", "CancelGig", "Call a gig off and release its helpers"),
            transition("start", "StartGig", "Note that the helpers began"),
            transition("complete", "CompleteGig", "Note that the helpers finished"),
        ],
    },
    Noun {
        word: "volunteer",
        collection: "volunteers",
        about: "Volunteers: what they can do, where and when",
        service: "keikka.registry.v1.VolunteerService",
        message: "Volunteer",
        messages: "Volunteers",
        columns: &[
            Column::new("volunteer", "name", NAME),
            Column::new("name", "displayName", Show::Text).within(22),
            Column::new("home", "home.locality", Show::Text).within(13),
            Column::new("by", "travelMode", Show::Enum("TRAVEL_MODE_")),
            Column::new("min", "travelLimitMinutes", Show::Text),
            Column::new("speaks", "languages", Show::Text).within(10),
            Column::new("state", "state", Show::Enum("STATE_")),
        ],
        filters: &[
            state(),
            reference("association", "associations"),
            reference("kind", "kinds"),
            reference("skill", "skills"),
            plain("external_id"),
            plain("text"),
        ],
        transitions: &[
            transition("pause", "PauseVolunteer", "Pause a volunteer until reinstated"),
            asking("suspend", "SuspendVolunteer", "Take a volunteer out at once"),
            transition("reinstate", "ReinstateVolunteer", "Let a volunteer take part again"),
        ],
    },
    Noun {
        word: "seeker",
        collection: "seekers",
        about: "Seekers: the people who get help",
        service: "keikka.registry.v1.SeekerService",
        message: "Seeker",
        messages: "Seekers",
        columns: &[
            Column::new("seeker", "name", NAME),
            Column::new("name", "displayName", Show::Text).within(24),
            Column::new("home", "home.locality", Show::Text).within(14),
            Column::new("postal", "home.postalCode", Show::Text),
            Column::new("speaks", "languages", Show::Text).within(10),
        ],
        filters: &[reference("association", "associations"), plain("external_id"), plain("text")],
        transitions: &[],
    },
    Noun {
        word: "kind",
        collection: "kinds",
        about: "Kinds of gigs, with their rules",
        service: "keikka.registry.v1.CatalogueService",
        message: "Kind",
        messages: "Kinds",
        columns: &[
            Column::new("kind", "name", NAME),
            Column::new("title", "title", Show::Title).within(26),
            Column::new("category", "category", Show::Enum("CATEGORY_")),
            Column::new("helpers", "helpersDefault", Show::Text),
            Column::new("place", "placeBound", Show::Yes),
            Column::new("takes", "defaultDuration", Show::Minutes),
        ],
        filters: &[Filter { field: "category", form: FilterForm::Capitals }, plain("text")],
        transitions: &[],
    },
    Noun {
        word: "skill",
        collection: "skills",
        about: "Skills that volunteers hold and gigs need",
        service: "keikka.registry.v1.CatalogueService",
        message: "Skill",
        messages: "Skills",
        columns: &[
            Column::new("skill", "name", NAME),
            Column::new("title", "title", Show::Title),
            Column::new("expires", "mayExpire", Show::Yes),
        ],
        filters: &[plain("text")],
        transitions: &[],
    },
    Noun {
        word: "association",
        collection: "associations",
        about: "Associations: members of a network",
        service: "keikka.registry.v1.AssociationService",
        message: "Association",
        messages: "Associations",
        columns: &[
            Column::new("association", "name", NAME),
            Column::new("title", "title", Show::Text),
            Column::new("phone", "phone", Show::Text),
        ],
        filters: &[plain("text"), plain("external_id")],
        transitions: &[],
    },
    Noun {
        word: "network",
        collection: "networks",
        about: "Networks: a city's associations and volunteers together",
        service: "keikka.registry.v1.NetworkService",
        message: "Network",
        messages: "Networks",
        columns: &[
            Column::new("network", "name", NAME),
            Column::new("title", "title", Show::Text),
            Column::new("city", "city", Show::Text).within(20),
        ],
        filters: &[],
        transitions: &[],
    },
    Noun {
        word: "assignment",
        collection: "assignments",
        about: "Assignments: slots taken by volunteers",
        service: "keikka.dispatch.v1.GigService",
        message: "Assignment",
        messages: "Assignments",
        columns: &[
            Column::new("gig", "gig", NAME),
            Column::new("volunteer", "volunteer", NAME),
            Column::new("start", "startTime", Show::Time),
            Column::new("state", "state", Show::Enum("STATE_")),
            Column::new("by", "source", Show::Enum("SOURCE_")),
            Column::new("assignment", "name", NAME),
        ],
        filters: &[reference("gig", "gigs"), reference("volunteer", "volunteers"), state()],
        transitions: &[],
    },
    Noun {
        word: "offer",
        collection: "offers",
        about: "Offers: a volunteer is asked for a slot",
        service: "keikka.dispatch.v1.OfferService",
        message: "Offer",
        messages: "Offers",
        columns: &[
            Column::new("offer", "name", NAME),
            Column::new("gig", "gig", NAME),
            Column::new("volunteer", "volunteer", NAME),
            Column::new("start", "startTime", Show::Time),
            Column::new("until", "expireTime", Show::Time),
            Column::new("state", "state", Show::Enum("STATE_")),
        ],
        filters: &[reference("gig", "gigs"), reference("volunteer", "volunteers"), state()],
        transitions: &[
            transition("withdraw", "WithdrawOffer", "Take an open offer back"),
            transition("undo", "UndoOffer", "Take a yes back within ten minutes"),
            transition("standby", "StandByOffer", "Note that a volunteer who came too late stands by"),
        ],
    },
    Noun {
        word: "plan",
        collection: "plans",
        about: "Plans: what rematches propose",
        service: "keikka.dispatch.v1.MatchingService",
        message: "Plan",
        messages: "Plans",
        columns: &[
            Column::new("plan", "name", NAME),
            Column::new("from", "period.startTime", Show::Time),
            Column::new("state", "state", Show::Enum("STATE_")),
            Column::new("solve", "outcome.status", Show::Enum("STATUS_")),
            Column::new("gigs", "outcome.coveredCount", Show::Text),
            Column::new("of", "outcome.gigCount", Show::Text),
        ],
        filters: &[state()],
        transitions: &[transition("discard", "DiscardPlan", "Discard a plan; stops its solve if it runs")],
    },
    Noun {
        word: "notification",
        collection: "notifications",
        about: "Notifications: what lies in the outbox",
        service: "keikka.notification.v1.NotificationService",
        message: "Notification",
        messages: "Notifications",
        columns: &[
            Column::new("event", "eventKind", Show::Text).within(22),
            Column::new("subject", "subject", NAME),
            Column::new("recipient", "recipient", NAME),
            Column::new("state", "state", Show::Enum("STATE_")),
            Column::new("written", "createTime", Show::Time),
        ],
        filters: &[
            state(),
            plain("recipient"),
            plain("subject"),
            Filter { field: "channel", form: FilterForm::Capitals },
        ],
        transitions: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::at;
    use prost_reflect::{Kind, MessageDescriptor};

    #[test]
    fn every_noun_has_a_list_and_every_transition_a_method() {
        for noun in NOUNS {
            assert!(noun.has(Standard::List).is_some(), "{}", noun.standard(Standard::List));
            for transition in noun.transitions {
                assert!(find_method(&noun.path(transition.rpc)).is_some(), "{}", transition.rpc);
            }
        }
    }

    #[test]
    fn every_column_is_a_field_of_the_resource() {
        for noun in NOUNS {
            let list = noun.has(Standard::List).expect("a list");
            let entries = list.output().fields().find(|field| field.is_list()).expect("a list of resources");
            let Kind::Message(resource) = entries.kind() else { panic!("{} are messages", noun.collection) };
            for column in noun.columns {
                assert!(leads_somewhere(&resource, column.path), "{}: {}", noun.word, column.path);
            }
        }
    }

    fn leads_somewhere(message: &MessageDescriptor, path: &str) -> bool {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(field) = message.get_field_by_json_name(first) else { return false };
        match (rest, field.kind()) {
            ("", _) => true,
            (rest, Kind::Message(inner)) => leads_somewhere(&inner, rest),
            _ => false,
        }
    }

    #[test]
    fn an_id_becomes_a_name_and_a_name_stays() {
        let gig = Noun::of("gig").expect("gigs");
        assert_eq!(gig.name("kouvola", "g12"), "networks/kouvola/gigs/g12");
        assert_eq!(gig.name("kouvola", "networks/espoo/gigs/g1"), "networks/espoo/gigs/g1");
        assert_eq!(Noun::of("network").expect("networks").name("", "kouvola"), "networks/kouvola");
        assert!(at(&serde_json::json!({}), "x").is_null());
    }
}
