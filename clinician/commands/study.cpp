// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/commands.h"

#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/records/study.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

struct Options {
    std::string directory;
    KeyOption key;
    bool as_json = false;
    records::StudyInfo info;
    std::string expected_head;
    std::string name;

    records::Key read_key() const {
        auto read = records::Key::read_file(key.resolve());
        if (!read) fail(read.error());
        return *read;
    }
    records::Study open() const {
        auto study = records::Study::open(directory, read_key(), true);
        if (!study) fail(study.error());
        return std::move(*study);
    }
};

void add_common(CLI::App& command, Options& options) {
    command.add_option("--study", options.directory, "The study's folder")->required()->type_name("DIR");
    options.key.add(command);
    command.add_flag("--json", options.as_json, "Answer in JSON");
}

std::string say(const json& value) { return value.dump(2, ' ', false, json::error_handler_t::replace); }

void make(const Options& options) {
    auto study = records::Study::create(options.directory, options.info, options.read_key());
    if (!study) fail(study.error());
    auto head = study->ledger().head();
    if (!head) fail(head.error());
    if (options.as_json)
        std::println("{}", say({{"study", options.directory}, {"id", options.info.id}, {"head", records::to_hex(*head)}}));
    else
        std::println("study {} made in {}\nhead {}\nKeep the key file somewhere else than the study: without it nobody reads this study again.", options.info.id,
                     options.directory, records::to_hex(*head));
    finish(0);
}

void verify(const Options& options) {
    records::VerifyOptions wanted;
    if (!options.expected_head.empty()) {
        wanted.expected_head = records::hash_from_hex(options.expected_head);
        if (!wanted.expected_head) fail("--head is not a hash: it has to be 64 hexadecimal digits", "copy it from a report or from accalmie study head");
    }
    auto report = records::verify(options.directory, options.read_key(), wanted);
    if (!report) fail(report.error());
    if (options.as_json) {
        std::println("{}", say({{"ok", report->ok}, {"rows", report->rows}, {"sessions", report->sessions}, {"head", records::to_hex(report->head)},
                                {"problems", report->problems}, {"notes", report->notes}}));
        finish(report->ok ? 0 : 1);
    }
    std::println("rows {}\nsessions {}\nhead {}", report->rows, report->sessions, records::to_hex(report->head));
    for (const std::string& note : report->notes) std::println("note: {}", note);
    for (const std::string& problem : report->problems) std::println("problem: {}", problem);
    if (!report->ok)
        fail(std::format("this record does not prove itself: {} problem{}", report->problems.size(), report->problems.size() == 1 ? "" : "s"),
             "keep the folder as it is, and compare it with a backup");
    std::println("verified: every page, row and session is as it was recorded");
    finish(0);
}

void sessions(const Options& options) {
    const records::Study study = options.open();
    auto list = study.sessions();
    if (!list) fail(list.error());
    json answer = json::array();
    if (!options.as_json) std::println("{:<7} {:<12} {:<9} {:<28} {:<30} {:<12} {:>6}", "session", "pseudonym", "kind", "protocol", "started", "outcome", "rows");
    for (const records::SessionSummary& each : *list) {
        if (options.as_json) {
            auto digest = records::session_digest(study.ledger(), each.id);
            answer.push_back({{"id", each.id}, {"pseudonym", each.pseudonym}, {"kind", each.kind}, {"protocol", each.protocol}, {"started", each.started_utc},
                              {"outcome", each.outcome}, {"rows", each.rows}, {"digest", digest ? json(records::to_hex(*digest)) : json()}});
        } else {
            std::println("{:<7} {:<12} {:<9} {:<28} {:<30} {:<12} {:>6}", each.id, each.pseudonym, each.kind, each.protocol, each.started_utc, each.outcome, each.rows);
        }
    }
    if (options.as_json) std::println("{}", say(answer));
    finish(0);
}

void head(const Options& options) {
    const records::Study study = options.open();
    auto last = study.ledger().head();
    if (!last) fail(last.error());
    if (options.as_json)
        std::println("{}", say({{"head", records::to_hex(*last)}}));
    else
        std::println("{}", records::to_hex(*last));
    finish(0);
}

void add_patient(const Options& options) {
    auto study = records::Study::open(options.directory, options.read_key());
    if (!study) fail(study.error());
    auto pseudonym = study->add_patient(options.name);
    if (!pseudonym) fail(pseudonym.error());
    std::println("{}", options.as_json ? say({{"pseudonym", *pseudonym}}) : *pseudonym);
    finish(0);
}

void patients(const Options& options) {
    auto known = options.open().patients();
    if (!known) fail(known.error());
    if (options.as_json) std::println("{}", say(*known));
    else for (const auto& pseudonym : *known) std::println("{}", pseudonym);
    finish(0);
}

}  // namespace

void add_study(CLI::App& app) {
    CLI::App& study = *app.add_subcommand("study", "Make, list and verify studies: a folder with an encrypted, append-only record");
    study.require_subcommand(1);
    study.footer("Example: accalmie study verify --study out/study --key-file out/demo.key");
    const auto options = std::make_shared<Options>();

    CLI::App& fresh = *study.add_subcommand("new", "Make an empty study");
    add_common(fresh, *options);
    fresh.add_option("--id", options->info.id, "Short name, such as CRAVE-01")->required()->type_name("ID");
    fresh.add_option("--title", options->info.title, "Title, as reports print it")->type_name("TEXT");
    fresh.add_option("--site", options->info.site, "Name of the site")->type_name("TEXT");
    fresh.add_option("--language", options->info.language, "Language of screens and reports")->check(CLI::IsMember({"fr", "en"}))->type_name("fr|en");
    fresh.add_flag("--rehearsal", options->info.rehearsal, "A throw-away study against the simulated patient");
    fresh.footer("Example: (umask 077; openssl rand -hex 32 > site.key); accalmie study new --study ./crave --id CRAVE-01 --key-file site.key");
    fresh.callback([options] { make(*options); });

    CLI::App& check = *study.add_subcommand("verify", "Read every page, row, chain link and picture; code 0 only when all is as recorded");
    add_common(check, *options);
    check.add_option("--head", options->expected_head, "A head that was printed on a report: finds rows cut off since")->type_name("HEX");
    check.footer("Example: accalmie study verify --study ./crave --key-file site.key --json");
    check.callback([options] { verify(*options); });

    CLI::App& list = *study.add_subcommand("sessions", "List the sessions");
    add_common(list, *options);
    list.footer("Example: accalmie study sessions --study ./crave --key-file site.key");
    list.callback([options] { sessions(*options); });

    CLI::App& add = *study.add_subcommand("add-patient", "Make a patient and print the pseudonym");
    add_common(add, *options);
    add.add_option("--name", options->name, "The name, kept in identity.db only; may be left out")->type_name("NAME");
    add.footer("Example: accalmie study add-patient --study ./crave --key-file site.key");
    add.callback([options] { add_patient(*options); });

    CLI::App& all = *study.add_subcommand("patients", "List the pseudonyms");
    add_common(all, *options);
    all.footer("Example: accalmie study patients --study ./crave --key-file site.key");
    all.callback([options] { patients(*options); });

    CLI::App& last = *study.add_subcommand("head", "Print the hash of the last row");
    add_common(last, *options);
    last.footer("Example: accalmie study head --study ./crave --key-file site.key");
    last.callback([options] { head(*options); });

    add_users(study);
}

}  // namespace accalmie::commands
