// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/commands.h"

namespace accalmie::commands {

void add_nir_field(CLI::App&) {}

}  // namespace accalmie::commands
