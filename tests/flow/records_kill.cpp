// SPDX-License-Identifier: Apache-2.0
// kill -9 at random moments of a process that records: what it had acknowledged is there, whole and in order, and the study opens again.
// ACCALMIE_KILL_TRIALS sets the number of trials (40); 10000 is for the night.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <random>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "clinician/records/study.h"

using namespace accalmie;
using namespace accalmie::records;

namespace {

enum class Fault : std::uint8_t { none, acknowledges_too_early };

Key test_key() {
    Key key;
    key.bytes.fill(3);
    return key;
}

NewRow rating(int request) {
    return {.session = "S0001", .t_ms = request, .row_class = RowClass::decision, .kind = "event.rating",
            .payload = std::format(R"({{"request":{},"source":"patient","value":{}}})", request, request % 101), .actor = "simulated-patient", .role = "patient"};
}

// Records until it dies, and writes the sequence of every acknowledged row into the pipe.
[[noreturn]] void record_until_killed(const std::string& directory, int pipe, Fault fault) {
    auto study = Study::open(directory, test_key());
    if (!study) ::_exit(2);
    std::int64_t last = 0;
    if (fault != Fault::none && !study->ledger().read("", [&](const Row& row) { last = row.sequence; })) ::_exit(3);
    for (int request = 1;; ++request) {
        if (fault == Fault::acknowledges_too_early) {
            ++last;
            if (::write(pipe, &last, sizeof last) != sizeof last) ::_exit(4);
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        auto appended = study->ledger().append(rating(request));
        if (!appended) ::_exit(5);
        if (fault == Fault::none && ::write(pipe, &*appended, sizeof *appended) != sizeof *appended) ::_exit(6);
    }
}

struct Trial {
    std::int64_t acknowledged = 0, rows = 0;
    bool killed = false, verified = false;
    double reopen_s = 0;
    std::string problem;
};

// The delay runs from the fork, so that opening is hit too, or from the first acknowledged row, so that a busy machine still records.
Trial kill_once(const std::string& directory, std::int64_t delay_us, bool once_recording, Fault fault) {
    Trial trial;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        record_until_killed(directory, ends[1], fault);
    }
    ::close(ends[1]);
    std::int64_t sequence = 0;
    if (once_recording && ::read(ends[0], &sequence, sizeof sequence) == sizeof sequence) trial.acknowledged = sequence;
    std::jthread killer([child, delay_us] {
        std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
        ::kill(child, SIGKILL);
    });
    while (::read(ends[0], &sequence, sizeof sequence) == sizeof sequence) trial.acknowledged = sequence;
    ::close(ends[0]);
    killer.join();
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    trial.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    const auto report = verify(directory, test_key());
    trial.verified = report && report->ok;
    trial.rows = report ? report->rows : 0;
    if (!report) trial.problem = report.error().message;
    else if (!report->ok) trial.problem = report->problems[0];
    const auto before = std::chrono::steady_clock::now();
    trial.verified = trial.verified && Study::open(directory, test_key()).has_value();
    trial.reopen_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    return trial;
}

struct Studies {
    std::string folder;
    int count = 0;
    Studies() {
        std::string pattern = (std::filesystem::temp_directory_path() / "accalmie-kill-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~Studies() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    std::string fresh() {
        const std::string directory = std::format("{}/{}", folder, ++count);
        auto study = Study::create(directory, {.id = "KILL"}, test_key());
        REQUIRE(study);
        REQUIRE(study->ledger().append({.session = "S0001", .kind = "session.start", .payload = "{}", .actor = "clinician", .role = "clinician"}));
        return directory;
    }
};

int trials_wanted() {
    const char* wanted = std::getenv("ACCALMIE_KILL_TRIALS");
    return wanted ? std::max(1, std::atoi(wanted)) : 40;
}

std::int64_t random_delay_us(std::mt19937_64& random) { return std::uniform_int_distribution<std::int64_t>(5'000, 95'000)(random); }

}  // namespace

TEST_CASE("the kill harness catches a ledger that acknowledges before the row is on disk") {
    Studies studies;
    std::mt19937_64 random(20261123);
    bool caught = false;
    for (int i = 0; i < 60 && !caught; ++i) {
        const Trial trial = kill_once(studies.fresh(), random_delay_us(random), true, Fault::acknowledges_too_early);
        REQUIRE(trial.killed);
        caught = trial.rows < trial.acknowledged;
    }
    CHECK(caught);
}

TEST_CASE("kill -9 while recording loses no acknowledged rating, leaves no gap, and the study opens again within a second") {
    Studies studies;
    std::mt19937_64 random(20261123);
    std::string directory = studies.fresh();
    double slowest_s = 0;
    int effective = 0;
    const int trials = trials_wanted();
    for (int i = 0; i < trials; ++i) {
        const std::int64_t delay_us = random_delay_us(random);
        const Trial trial = kill_once(directory, delay_us, i % 2 == 0, Fault::none);
        INFO("trial " << i << ", killed after " << delay_us << " us: " << trial.acknowledged << " acknowledged, " << trial.rows << " found; " << trial.problem);
        REQUIRE(trial.killed);
        REQUIRE(trial.verified);
        REQUIRE(trial.rows >= trial.acknowledged);
        REQUIRE(trial.reopen_s < 1.0);
        slowest_s = std::max(slowest_s, trial.reopen_s);
        effective += trial.acknowledged > 0;
        if (trial.rows > 5'000) directory = studies.fresh();  // verifying reads every row
    }
    CHECK(effective >= trials / 2);
    std::printf("kill -9: %d trials, %d while recording, 0 acknowledged ratings lost, slowest reopening %.3f s\n", trials, effective, slowest_s);
}
