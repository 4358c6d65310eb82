// SPDX-License-Identifier: Apache-2.0
// kill -9 of a process that writes a stream: every chunk that it had counted as being on disk is there and proven, and a chunk that was
// cut off is told apart from a changed one. Shown first to a writer that counts too early. ACCALMIE_KILL_TRIALS sets the count (40).
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <random>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "clinician/records/frame_record.h"
#include "clinician/records/stream.h"
#include "tests/flow/program.h"

using namespace accalmie;
using namespace accalmie::records;

namespace {

Key test_key() {
    Key key;
    key.bytes.fill(5);
    return key;
}

[[noreturn]] void write_until_killed(const std::string& path, int pipe, bool count_early) {
    auto writer = StreamWriter::create(path, "S0001", test_key());
    if (!writer) ::_exit(2);
    if (count_early) (*writer)->plant_early_count();
    FrameRecords records;
    const auto sink = [&](std::span<const std::uint8_t> record, bool is_frame) { (*writer)->add(record, is_frame); };
    records.view(1, sink);
    std::int64_t told = 0;
    for (std::uint64_t number = 1;; ++number) {
        for (int i = 0; i < 40; ++i) records.frame({"calm-room"}, static_cast<std::int64_t>(number), {.frame = number}, sink);
        while (!(*writer)->cut()) std::this_thread::yield();
        const std::int64_t chunks = (*writer)->chunks_on_disk();
        if (chunks > told && ::write(pipe, &chunks, sizeof chunks) != sizeof chunks) ::_exit(3);
        told = chunks;
    }
}

struct Trial {
    std::int64_t counted = 0, whole = 0;
    bool torn = false;
    std::string problem;
};

Trial kill_once(const std::string& path, std::int64_t delay_us, bool count_early) {
    Trial trial;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(path, ends[1], count_early);
    }
    ::close(ends[1]);
    std::jthread killer([child, delay_us] {
        std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
        ::kill(child, SIGKILL);
    });
    for (std::int64_t chunks = 0; ::read(ends[0], &chunks, sizeof chunks) == sizeof chunks;) trial.counted = chunks;
    ::close(ends[0]);
    killer.join();
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    SessionFrames frames;
    const auto content = read_stream(path, "S0001", test_key(), [&](std::span<const std::uint8_t> chunk) { frames.take(chunk); });
    if (!content) {
        trial.problem = content.error().message;
        return trial;
    }
    trial.whole = content->chunks;
    trial.torn = content->torn;
    if (!content->problems.empty()) trial.problem = content->problems[0];
    else if (!frames.problems.empty()) trial.problem = frames.problems[0];
    else if (static_cast<std::int64_t>(frames.frames.size()) != 40 * content->chunks) trial.problem = "frames are missing from a whole chunk";
    return trial;
}

std::int64_t random_delay_us(std::mt19937_64& random) { return std::uniform_int_distribution<std::int64_t>(10'000, 80'000)(random); }

}  // namespace

TEST_CASE("the kill harness finds a stream that counts a chunk before it is on disk") {
    const flow::Folder folder;
    std::mt19937_64 random(20261124);
    bool caught = false;
    for (int i = 0; i < 60 && !caught; ++i) {
        const Trial trial = kill_once(folder / std::format("{}.stream", i), random_delay_us(random), true);
        caught = trial.whole < trial.counted;
    }
    CHECK(caught);
}

TEST_CASE("kill -9 while a stream is written loses no chunk that was on disk and damages none") {
    const flow::Folder folder;
    std::mt19937_64 random(20261124);
    const char* wanted = std::getenv("ACCALMIE_KILL_TRIALS");
    const int trials = wanted ? std::max(1, std::atoi(wanted)) : 40;
    int torn = 0, effective = 0;
    for (int i = 0; i < trials; ++i) {
        const std::string path = folder / std::format("{}.stream", i);
        const Trial trial = kill_once(path, random_delay_us(random), false);
        INFO("trial " << i << ": " << trial.counted << " counted, " << trial.whole << " whole; " << trial.problem);
        if (!std::filesystem::exists(path)) continue;  // killed before the file was made
        REQUIRE(trial.problem.empty());
        REQUIRE(trial.whole >= trial.counted);
        torn += trial.torn;
        effective += trial.whole > 0;
        std::filesystem::remove(path);
    }
    CHECK(effective >= trials / 2);
    std::printf("kill -9 of a stream's writer: %d trials, %d with chunks, %d with a torn tail, 0 chunks lost\n", trials, effective, torn);
}
