// SPDX-License-Identifier: Apache-2.0
// Owns: measuring what compressed textures save, what they cost and what they lose, scene by scene (engine/content/bc7.h).
// Never: a verdict; touches the user's cache. Units: MiB of all levels, decibels over the largest level, MB/s of texels on one core.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"

namespace accalmie::bench {

struct TexturesMeasured {
    std::string scene;
    int pictures = 0, compressible = 0;
    double plain_mib = 0, compressed_mib = 0;      // all pictures of the scene, before and after
    double compressible_mib = 0;                   // those that it is about, before
    double mean_db = 0, worst_db = 0;              // over pictures; those that come back exactly are left out
    int exact = 0;
    double mb_per_s = 0;                           // by the processor's time, not the clock
};

Result<std::vector<TexturesMeasured>> measure_textures(const std::vector<std::string>& scenes);  // none named: all that are shipped
std::string to_text(const std::vector<TexturesMeasured>& measured);

}  // namespace accalmie::bench
