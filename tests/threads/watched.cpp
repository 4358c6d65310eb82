// SPDX-License-Identifier: Apache-2.0
#include "tests/threads/watched.h"

#include <sys/personality.h>

#include <filesystem>
#include <format>
#include <fstream>

namespace threads {

namespace fs = std::filesystem;

std::string watched_program(const std::string& name) {
    const auto program = fs::path(ACCALMIE_SOURCE_DIR) / "build" / "tsan" / "bin" / name;
    INFO(program << " is built by ./dev test, or: ./dev exec sh -c 'cmake --preset tsan && ninja -C build/tsan watched'");
    REQUIRE(fs::exists(program));
    return program.string();
}

Watched::Watched() {
    // Where a kernel spreads addresses wider than 28 bits (Ubuntu's does), libtsan of g++ 14 stops with "unexpected memory mapping". Children
    // take over that theirs are not spread. A container may refuse; then they start where the kernel's setting lets them.
    (void)::personality(static_cast<unsigned long>(::personality(0xffffffff)) | ADDR_NO_RANDOMIZE);
    environment_.set("TSAN_OPTIONS", std::format("suppressions={}/tests/threads/thread_sanitizer.supp log_path={}", ACCALMIE_SOURCE_DIR, folder_ / "report"));
    environment_.set("LD_PRELOAD", "libvulkan_lvp.so");  // or Vulkan's loader unloads what a suppression names (thread_sanitizer.supp)
    // A device that mixes on a thread of OpenAL's, in real time, on a machine without one.
    std::ofstream(folder_ / "openal.conf") << "[wave]\nfile = " << folder_ / "heard.wav" << "\n";
    environment_.set("ALSOFT_CONF", folder_ / "openal.conf");
    environment_.set("ALSOFT_DRIVERS", "wave");
}

std::string Watched::reports() const {
    std::string all;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        if (entry.path().filename().string().starts_with("report")) all += accalmie::test::read_text(entry.path().string());
    return all;
}

}  // namespace threads
