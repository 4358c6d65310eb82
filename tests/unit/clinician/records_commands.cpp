// SPDX-License-Identifier: Apache-2.0
// The subcommands study, export and report as a person types them: what they print and the code that they end with.
#include "clinician/commands/commands.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "records_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

struct Answer {
    int code = -1;
    std::string out, err;
};

// Runs in this process, with stdout and stderr going to files.
Answer type(const Folder& folder, std::vector<std::string> words) {
    Answer answer;
    std::fflush(nullptr);
    const int kept[2] = {::dup(1), ::dup(2)};
    for (const int stream : {1, 2}) {
        const int file = ::open((folder / std::format("stream{}", stream)).c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        ::dup2(file, stream);
        ::close(file);
    }
    std::ostringstream told, told_errors;
    CLI::App app{"Accalmie"};
    app.require_subcommand(1);
    commands::add_study(app);
    commands::add_export(app);
    commands::add_report(app);
    std::ranges::reverse(words);
    try {
        app.parse(words);
        answer.code = 0;
    } catch (const CLI::ParseError& end) {
        answer.code = app.exit(end, told, told_errors);  // Catch2's XML report holds std::cout back
    }
    std::fflush(nullptr);
    for (const int stream : {1, 2}) {
        ::dup2(kept[stream - 1], stream);
        ::close(kept[stream - 1]);
    }
    answer.out = bytes_of(folder / "stream1") + told.str();
    answer.err = bytes_of(folder / "stream2") + told_errors.str();
    return answer;
}

}  // namespace

TEST_CASE("a study is made, filled, verified, exported and reported from the command line") {
    const Folder folder;
    const std::string study = folder / "study", key = folder / "site.key";
    must(key_of(3).write_file(key));
    Answer answer = type(folder, {"study", "new", "--study", study, "--id", "CRAVE-01", "--key-file", key});
    INFO(answer.out << answer.err);
    REQUIRE(answer.code == 0);
    {
        Study opened = must(Study::open(study, key_of(3)));
        record_exposure(opened, "S0001", "P-7Q4K", {.protocol = "short-check"});
    }
    answer = type(folder, {"study", "verify", "--study", study, "--key-file", key, "--json"});
    REQUIRE(answer.code == 0);
    const auto verified = nlohmann::json::parse(answer.out);
    CHECK(verified["ok"] == true);
    CHECK(verified["sessions"] == 1);
    answer = type(folder, {"study", "head", "--study", study, "--key-file", key});
    REQUIRE(answer.code == 0);
    const std::string head = answer.out.substr(0, 64);
    CHECK(head == verified["head"].get<std::string>());
    CHECK(type(folder, {"study", "verify", "--study", study, "--key-file", key, "--head", head}).code == 0);
    answer = type(folder, {"study", "sessions", "--study", study, "--key-file", key, "--json"});
    REQUIRE(answer.code == 0);
    CHECK(nlohmann::json::parse(answer.out)[0]["outcome"] == "completed");
    answer = type(folder, {"report", "--study", study, "--key-file", key, "--session", "S0001", "--out", folder / "report.pdf", "--language", "fr"});
    CHECK(answer.code == 0);
    CHECK(bytes_of(folder / "report.pdf").starts_with("%PDF-"));
    answer = type(folder, {"export", "--study", study, "--to", "csv", "--key-file", key, "--out", folder / "export", "--json"});
    REQUIRE(answer.code == 0);
    CHECK(nlohmann::json::parse(answer.out)["files"].size() == 18);
}

TEST_CASE("a command that did not do what was asked ends with a code and one line that says why") {
    const Folder folder;
    const std::string study = folder / "study", key = folder / "site.key", other = folder / "other.key";
    must(key_of(3).write_file(key));
    must(key_of(4).write_file(other));
    { short_session(*std::make_unique<Study>(new_study(study, key_of(3))), "S0001", 3); }
    const auto fails = [&](const std::vector<std::string>& words, const std::string& says) {
        const Answer answer = type(folder, words);
        INFO(answer.err);
        CHECK(answer.code != 0);
        CHECK(answer.err.find(says) != std::string::npos);
    };
    fails({"study", "verify", "--study", study, "--key-file", other}, "the key does not open this study");
    fails({"study", "verify", "--study", folder / "nowhere", "--key-file", key}, "there is no study here");
    fails({"study", "verify", "--study", study, "--key-file", folder / "nowhere"}, "the key file cannot be read");
    fails({"study", "verify", "--study", study, "--key-file", key, "--head", "abc"}, "64 hexadecimal digits");
    fails({"study", "verify", "--study", study, "--key-file", key, "--head", std::string(64, 'a')}, "does not prove itself");
    fails({"study", "new", "--study", study, "--id", "X", "--key-file", key}, "not empty");
    fails({"report", "--study", study, "--key-file", key, "--session", "S0009", "--out", folder / "r.pdf"}, "no session S0009");
    fails({"export", "--study", study, "--key-file", key, "--to", "xlsx", "--out", folder / "e"}, "xlsx");
    write_bytes(study + "/study.db", bytes_of(study + "/study.db").replace(4096 + 700, 1, "\x5a"));
    fails({"study", "verify", "--study", study, "--key-file", key}, "does not prove itself");
    const Answer answer = type(folder, {"study", "verify", "--study", study, "--key-file", key, "--json"});
    CHECK(answer.code == 1);
    CHECK(nlohmann::json::parse(answer.out)["ok"] == false);
}

TEST_CASE("every subcommand's help closes with an example") {
    const Folder folder;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"study"}, {"study", "new"}, {"study", "verify"}, {"study", "sessions"}, {"study", "head"}, {"export"}, {"report"}}) {
        std::vector<std::string> asked = words;
        asked.emplace_back("--help");
        const Answer answer = type(folder, asked);
        CHECK(answer.code == 0);
        CHECK(answer.out.find("Example: ") != std::string::npos);
    }
}
