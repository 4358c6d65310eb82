// SPDX-License-Identifier: Apache-2.0
// Owns: what a hard block of the week proposes for the exposure ladder, and what the clinician decided. A place that a shipped cue scene
// stands for (scene.toml: places) gives a step: that scene, at a level in proportion to the block's mean craving. A place without a scene
// gives a wish for one (rows scene.wish). Rows ladder.proposed, ladder.decided.
// Never: changes a protocol or a session; proposes again what was decided. Errors: what may not be decided, the ledger's. Thread: one owner.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clinician/between/diary/hard_hours.h"
#include "scenes/scene_file.h"

namespace accalmie::between {

struct Proposal {
    std::string id;                     // "L0001"
    std::string pseudonym;
    bool weekend = false;
    int first_hour = 0;
    std::string place;                  // code
    std::string scene;                  // "" : none ships for this place, a wish was made
    int level = 0;
    int entries = 0, used = 0;
    double mean_craving = 0;
    std::optional<bool> accepted;       // none: not decided yet
    std::string reason, decided_by;
};

// The step that a block would give: the first cue scene whose places hold the block's, at round(mean craving / 10 * highest level), at least 1.
struct LadderStep {
    std::string scene;
    int level = 0;
};
std::optional<LadderStep> step_for(const HardBlock& hard, std::span<const scenes::SceneFile> scenes);

Result<std::vector<Proposal>> read_proposals(const records::Study& study, const std::string& pseudonym = {});
// Needs record_clinical. Proposes for every hard block that has no proposal yet for that scene; gives the new ones.
Result<std::vector<Proposal>> propose_steps(records::Study& study, const records::Account& account, const std::string& pseudonym, std::span<const scenes::SceneFile> scenes);
Result<Proposal> decide(records::Study& study, const records::Account& account, const std::string& id, bool accept, const std::string& reason);

}  // namespace accalmie::between
