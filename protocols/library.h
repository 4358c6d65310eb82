// SPDX-License-Identifier: Apache-2.0
// Owns: where the shipped protocols and instruments lie, and their list. Reads folders; writes nothing.
#pragma once

#include <string>
#include <vector>

#include "protocols/plan.h"

namespace accalmie::protocols {

// The folder that holds templates/ and instruments/: `protocols` in ACCALMIE_ROOT, else the nearest one beside or above the program.
// Empty when there is none.
std::string shipped_folder();

// "alcohol-bar" is the shipped template of that name when it exists; anything else is a path and comes back as it is.
std::string find_template(const std::string& name_or_path);

struct Listed {
    std::string path;
    Diagnosis diagnosis;
};
// The shipped templates, by name. Errors: no folder, or a folder that cannot be read.
Result<std::vector<Listed>> list_templates(const ParseOptions& options = {});

}  // namespace accalmie::protocols
