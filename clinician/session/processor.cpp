// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/processor.h"

#include <sys/utsname.h>

#include <fstream>

namespace accalmie::session {

std::string processor_model() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("model name")) continue;
        const auto at = line.find(": ");
        if (at != std::string::npos) return line.substr(at + 2);
    }
    utsname system{};
    return uname(&system) == 0 ? system.machine : "unknown";
}

}  // namespace accalmie::session
