// SPDX-License-Identifier: Apache-2.0
// Owns: how a chunk of a stream is made smaller, behind two functions; the first byte of what they make names the method, so that an
// older stream stays readable when the method changes. Private to clinician/records. Errors: values; never trusts a length.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/error.h"

namespace accalmie::records {

std::vector<std::uint8_t> compress(std::span<const std::uint8_t> bytes);
// What compress() made; an Error when it is something else or longer than `most_bytes`.
Result<std::vector<std::uint8_t>> expand(std::span<const std::uint8_t> packed, std::size_t most_bytes);

}  // namespace accalmie::records
