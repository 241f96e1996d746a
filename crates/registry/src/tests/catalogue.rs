//! A network's catalogue: what a new one begins with, what must be true of an entry, what keeps it.

use domain::kind::ScopeLimit;
use domain::{AssociationId, Kind, KindId, LocalizedText, Network, Skill, SkillId, Volunteer};
use store::{Filter, PageRequest};

use super::builders::{House, association, city, code, ctx, fields, kind, kouvola, skill, volunteer};

#[tokio::test]
async fn a_new_network_begins_with_kinds_and_skills() {
    let house = House::new().await;
    let page = PageRequest::first(100);
    let kinds = house.registry.list::<Kind>(&city(), &kouvola(), &Filter::any(), &page).await.expect("kinds");
    let skills = house.registry.list::<Skill>(&city(), &kouvola(), &Filter::any(), &page).await.expect("skills");
    assert_eq!((kinds.items.len(), skills.items.len()), (8, 9));
}

#[tokio::test]
async fn every_wrong_field_of_a_kind_is_named_at_once() {
    let house = House::new().await;
    let mut wrong = kind("odd");
    wrong.title = LocalizedText::new("", "", "");
    wrong.helpers = 3;
    wrong.duration_s = 40 * 86_400;
    wrong.min_age = Some(200);
    wrong.required_skills = [SkillId::new("juggling").expect("id")].into();
    let text = || LocalizedText::new("x", "", "");
    wrong.scope_limits =
        vec![ScopeLimit { description: text(), refer_to: LocalizedText::default(), words: vec!["Iso".to_owned()] }];
    assert_eq!(
        fields(house.registry.create(&ctx(), wrong).await),
        [
            "kind.title.fi",
            "kind.helpers",
            "kind.duration_s",
            "kind.min_age",
            "kind.required_skills",
            "kind.scope_limits[0].refer_to.fi",
            "kind.scope_limits[0].words[0]",
        ]
    );
    house.registry.create(&ctx(), kind("fine")).await.expect("kind");
}

#[tokio::test]
async fn an_entry_in_use_stays_and_says_how_many_use_it() {
    let house = House::new().await;
    house.registry.create(&ctx(), association("a")).await.expect("association");
    house.registry.create(&ctx(), skill("baking")).await.expect("skill");
    let a = AssociationId::new("a").expect("id");
    for id in ["v1", "v2"] {
        let helper = Volunteer { association: Some(a.clone()), ..volunteer(id) };
        house.registry.create(&ctx(), helper).await.expect("volunteer");
    }
    let shopping = KindId::new("shopping").expect("id");
    let refused = house.registry.delete::<Kind>(&ctx(), &kouvola(), &shopping).await;
    let refusal = refused.as_ref().err().and_then(crate::Error::refusal).expect("refused");
    assert_eq!(refusal.detail, "the kind is in use by 2 volunteers");
    assert_eq!(code(refused), "RESOURCE_IN_USE");
    let it = SkillId::new("it").expect("id");
    assert_eq!(code(house.registry.delete::<Skill>(&ctx(), &kouvola(), &it).await), "RESOURCE_IN_USE");
    let refused = house.registry.delete::<domain::Association>(&ctx(), &kouvola(), &a).await;
    assert_eq!(code(refused), "RESOURCE_IN_USE");
    let baking = SkillId::new("baking").expect("id");
    house.registry.delete::<Skill>(&ctx(), &kouvola(), &baking).await.expect("nobody bakes");
}

#[tokio::test]
async fn a_network_goes_with_its_catalogue_when_nobody_is_left() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    assert_eq!(code(house.registry.delete::<Network>(&ctx(), &kouvola(), &kouvola()).await), "RESOURCE_IN_USE");
    let v1 = volunteer("v1").id;
    house.registry.delete::<Volunteer>(&ctx(), &kouvola(), &v1).await.expect("volunteer");
    house.registry.delete::<Network>(&ctx(), &kouvola(), &kouvola()).await.expect("network");
    house.registry.create(&ctx(), super::builders::network("kouvola")).await.expect("founded anew");
}
