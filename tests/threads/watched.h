// SPDX-License-Identifier: Apache-2.0
// Owns: what the programs of build/tsan need to run under the thread sanitiser (options, suppressions, a sound device that is a file), and
// their reports. Programs that are started while it lives have it in their environment; those of other builds do not mind.
// Never: runs anything. One at a time. Thread: the test's.
#pragma once

#include <string>

#include "tests/flow/program.h"
#include "tests/xr/monado.h"

namespace threads {

// A program of build/tsan.
std::string watched_program(const std::string& name);

class Watched {
public:
    Watched();
    // Everything the sanitiser said, of all programs so far; empty: nothing.
    std::string reports() const;

private:
    flow::Folder folder_;
    accalmie::test::ScopedEnvironment environment_;
};

}  // namespace threads
