// SPDX-License-Identifier: Apache-2.0
// Owns: the name of this machine's processor. A software driver draws on it, so pictures are compared on one model alone.
#pragma once

#include <string>

namespace accalmie::session {

std::string processor_model();  // "Intel(R) Xeon(R) CPU @ 2.20GHz"; the architecture where the system tells no more

}  // namespace accalmie::session
