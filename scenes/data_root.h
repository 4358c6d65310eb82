// SPDX-License-Identifier: Apache-2.0
// Owns: where the shipped files (scenes/, assets/, protocols/) lie. ACCALMIE_ROOT names the folder; without it the first folder upwards
// from the running program that has assets/ and the calm room's scene file is taken. Never: makes anything. Thread: any.
#pragma once

#include <string>

#include "engine/error.h"

namespace accalmie::scenes {

Result<std::string> find_data_root();

}  // namespace accalmie::scenes
