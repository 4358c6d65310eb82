// SPDX-License-Identifier: Apache-2.0
// Owns: what the console's views around the sessions (diaries, directory, discussions, substance checks) have in common: each reads a
// projection of the ledger, draws it, and carries out what was clicked, under the account that is signed in. One view a file.
// Never: keeps anything that the ledger does not; draws outside its place. Thread: the console's one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clinician/console/ui.h"
#include "clinician/records/accounts.h"

namespace accalmie::console {

struct WorkContext {
    records::Study& study;
    const std::string& root;                         // of the shipped files (scenes::find_data_root)
    const std::optional<records::Account>& account;  // who is signed in; nobody: nothing can be recorded
};

class WorkView {
public:
    virtual ~WorkView() = default;
    virtual std::string_view id() const = 0;                 // "diary"
    virtual records::Right right() const = 0;                // what an account needs to see it at all
    virtual Result<void> load(const WorkContext& context) = 0;
    virtual void draw(Ui& ui, Rect place) = 0;               // ids of its widgets begin with id() and a dot
    virtual Result<bool> act(const WorkContext&) { return false; }  // after a frame; true: something was recorded, load again
};

std::unique_ptr<WorkView> make_diary_view();
std::unique_ptr<WorkView> make_directory_view();
std::unique_ptr<WorkView> make_corpus_view();
std::unique_ptr<WorkView> make_field_view();

}  // namespace accalmie::console
