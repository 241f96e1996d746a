//! Skills of the catalogue.

use super::Keys;
use super::sql::document;

document! { Skill, SkillId, "skill", "skills", network: network, keys: |_skill| Keys::default() }
