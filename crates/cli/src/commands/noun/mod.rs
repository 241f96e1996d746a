//! Verbs on nouns: the standard ones from the descriptors, transitions from the table, the few special ones by hand.

mod answer;
mod asking;
mod assign;
mod calendar;
mod create;
mod delete;
mod events;
mod get;
mod gig_text;
mod list;
mod plan;
mod progress;
mod release;
mod transition;
mod update;

pub(super) use create::what_to_give;

use clap::{ArgMatches, Args, Command as Clap, FromArgMatches};

use crate::context::{Context, not_empty};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard, Transition};

/// A verb with its arguments.
#[derive(Debug)]
pub(crate) enum Verb {
    /// Show many.
    List(list::ListArgs),
    /// Show one.
    Get(get::GetArgs),
    /// Make one.
    Create(create::CreateArgs),
    /// Change one.
    Update(update::UpdateArgs),
    /// Remove one.
    Delete(delete::DeleteArgs),
    /// Change its state.
    Transition(&'static Transition, transition::TransitionArgs),
    /// Fill a gig.
    Assign(assign::AssignArgs),
    /// Take a slot of a gig.
    Claim(assign::ClaimArgs),
    /// Say yes to an offer.
    Accept(answer::AcceptArgs),
    /// Say no to an offer.
    Decline(answer::DeclineArgs),
    /// Ask for a gig by itself.
    SendOffers(asking::SendArgs),
    /// Stop that.
    StopOffers(asking::StopArgs),
    /// How far that is.
    OfferProgress(asking::ProgressArgs),
    /// A volunteer's own calendar.
    Calendar(calendar::CalendarArgs),
    /// Give a slot back.
    Release(release::ReleaseArgs),
    /// What happened to a gig.
    Events(events::EventsArgs),
    /// Show a plan as a diff.
    ShowPlan(plan::ShowArgs),
    /// Apply a plan.
    ApplyPlan(plan::ApplyArgs),
}

/// The commands of a noun.
pub(crate) fn clap(noun: &'static Noun) -> Clap {
    let mut tree = Clap::new(noun.word).about(noun.about).subcommand_required(true).arg_required_else_help(true);
    tree = tree.disable_help_subcommand(true);
    let an = if noun.word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    for standard in Standard::ALL.into_iter().filter(|standard| noun.has(*standard).is_some()) {
        let verb = Clap::new(standard.word());
        tree = tree.subcommand(match standard {
            Standard::List => list::clap(noun, verb),
            Standard::Get => told::<get::GetArgs>(verb, &format!("Show one {}", noun.word), &get::example(noun)),
            Standard::Create => {
                told::<create::CreateArgs>(verb, &format!("Create {an} {}", noun.word), &create::example(noun))
            }
            Standard::Update => told::<update::UpdateArgs>(
                verb,
                &format!("Change fields of {an} {}", noun.word),
                &update::example(noun),
            ),
            Standard::Delete => {
                let example = format!("Example: keikka {} delete ID --dry-run", noun.word);
                told::<delete::DeleteArgs>(verb, &format!("Delete {an} {}", noun.word), &example)
            }
        });
    }
    for transition in noun.transitions {
        tree = tree.subcommand(transition::clap(noun, transition));
    }
    match noun.word {
        "gig" => tree
            .subcommand(own::<assign::AssignArgs>("assign", "Fill a gig with volunteers, one a slot"))
            .subcommand(own::<assign::ClaimArgs>("claim", "Take one slot for a volunteer who chose the gig"))
            .subcommand(own::<release::ReleaseArgs>("release", "Give a volunteer's slot back; the gig is open again"))
            .subcommand(own::<events::EventsArgs>("events", "Show what happened to a gig, oldest first")),
        "offer" => tree
            .subcommand(own::<answer::AcceptArgs>("accept", "Say yes for the volunteer"))
            .subcommand(own::<answer::DeclineArgs>("decline", "Say no for the volunteer"))
            .subcommand(own::<asking::SendArgs>("send", "Ask for a gig: offers go to a few at a time, by themselves"))
            .subcommand(own::<asking::StopArgs>("stop", "Stop asking for a gig; offers that are out stay"))
            .subcommand(own::<asking::ProgressArgs>("progress", "Show how far the asking for a gig is")),
        "volunteer" => tree.subcommand(own::<calendar::CalendarArgs>(
            "calendar",
            "Make the secret address of a volunteer's own calendar, which ends the one before, or end it",
        )),
        "plan" => tree
            .subcommand(own::<plan::ShowArgs>("show", "Show a plan: totals, changes, open gigs with reasons"))
            .subcommand(own::<plan::ApplyArgs>("apply", "Apply a plan that is ready, all of it or nothing")),
        _ => tree,
    }
}

/// A verb with its help; the arguments' own documentation is for readers of the code.
fn told<A: Args>(verb: Clap, about: &str, example: &str) -> Clap {
    A::augment_args(verb).about(about.to_owned()).after_help(example.to_owned())
}

/// A verb of one noun only, with the example that its arguments carry.
fn own<A: Args>(word: &'static str, about: &'static str) -> Clap {
    A::augment_args(Clap::new(word)).about(about)
}

impl Verb {
    /// The verb that clap matched.
    pub(crate) fn from_matches(noun: &'static Noun, matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (word, below) = matches.subcommand().expect("a verb is required");
        if let Some(transition) = noun.transitions.iter().find(|transition| transition.verb == word) {
            return transition::TransitionArgs::from_arg_matches(below).map(|args| Verb::Transition(transition, args));
        }
        Ok(match word {
            "list" => Verb::List(list::ListArgs::from_matches(noun, below)?),
            "get" => Verb::Get(get::GetArgs::from_arg_matches(below)?),
            "create" => Verb::Create(create::CreateArgs::from_arg_matches(below)?),
            "update" => Verb::Update(update::UpdateArgs::from_arg_matches(below)?),
            "delete" => Verb::Delete(delete::DeleteArgs::from_arg_matches(below)?),
            "assign" => Verb::Assign(assign::AssignArgs::from_arg_matches(below)?),
            "claim" => Verb::Claim(assign::ClaimArgs::from_arg_matches(below)?),
            "accept" => Verb::Accept(answer::AcceptArgs::from_arg_matches(below)?),
            "decline" => Verb::Decline(answer::DeclineArgs::from_arg_matches(below)?),
            "send" => Verb::SendOffers(asking::SendArgs::from_arg_matches(below)?),
            "stop" => Verb::StopOffers(asking::StopArgs::from_arg_matches(below)?),
            "progress" => Verb::OfferProgress(asking::ProgressArgs::from_arg_matches(below)?),
            "calendar" => Verb::Calendar(calendar::CalendarArgs::from_arg_matches(below)?),
            "release" => Verb::Release(release::ReleaseArgs::from_arg_matches(below)?),
            "events" => Verb::Events(events::EventsArgs::from_arg_matches(below)?),
            "show" => Verb::ShowPlan(plan::ShowArgs::from_arg_matches(below)?),
            "apply" => Verb::ApplyPlan(plan::ApplyArgs::from_arg_matches(below)?),
            other => unreachable!("clap knows no verb {other}"),
        })
    }

    /// Runs the verb.
    pub(crate) async fn run(self, context: &Context, noun: &'static Noun) -> Result<Exit, Failure> {
        match self {
            Verb::List(args) => list::run(context, noun, args).await,
            Verb::Get(args) => get::run(context, noun, args).await,
            Verb::Create(args) => create::run(context, noun, args).await,
            Verb::Update(args) => update::run(context, noun, args).await,
            Verb::Delete(args) => delete::run(context, noun, args).await,
            Verb::Transition(transition, args) => transition::run(context, noun, transition, args).await,
            Verb::Assign(args) => assign::assign(context, args).await,
            Verb::Claim(args) => assign::claim(context, args).await,
            Verb::Accept(args) => answer::accept(context, args).await,
            Verb::Decline(args) => answer::decline(context, args).await,
            Verb::SendOffers(args) => asking::begin(context, args).await,
            Verb::StopOffers(args) => asking::stop(context, args).await,
            Verb::OfferProgress(args) => asking::progress(context, args).await,
            Verb::Calendar(args) => calendar::run(context, noun, args).await,
            Verb::Release(args) => release::run(context, args).await,
            Verb::Events(args) => events::run(context, args).await,
            Verb::ShowPlan(args) => plan::show(context, args).await,
            Verb::ApplyPlan(args) => plan::apply(context, args).await,
        }
    }
}

/// The resource name of what the user typed for a noun.
async fn name_of(context: &Context, noun: &Noun, id: &str) -> Result<String, Failure> {
    not_empty(noun.collection, id)?;
    let needs_network = noun.in_network() && !id.contains('/');
    let network = if needs_network { context.network().await? } else { "" };
    Ok(noun.name(network, id))
}
