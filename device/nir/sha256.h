// SPDX-License-Identifier: Apache-2.0
// Owns: SHA-256 (FIPS 180-4), which names training sets, spectra and model files. This room links no cryptography library and needs
// none: nothing secret is hashed here. Thread: pure.
#pragma once

#include <string>
#include <string_view>

namespace accalmie::nir {

std::string sha256_hex(std::string_view bytes);

}  // namespace accalmie::nir
