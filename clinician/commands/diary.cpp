// SPDX-License-Identifier: Apache-2.0
// `accalmie diary`: the page for the phone, what comes back from it, and what its hard hours propose.
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <memory>
#include <print>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"
#include "clinician/between/diary/ladder.h"
#include "clinician/between/diary/simulated_diary.h"
#include "clinician/commands/account_option.h"
#include "scenes/data_root.h"

namespace accalmie::commands {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Options {
    AccountOption account;
    std::string file, patient, out, reason, proposal, language, last_day;
    int port = 0, days = 28;
    std::uint64_t seed = 1;
    bool accept = false, decline = false, as_json = false;
};

template <class T>
T need(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(*result);
}

std::int64_t now_s() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string page() {
    return need(between::read_text_file(need(scenes::find_data_root()) + "/assets/diary/index.html", 1u << 20));
}

// This machine only: the page is shown to whoever sits here; nothing that is typed into it comes to this program.
void serve(const std::string& html, int port) {
    httplib::Server server;
    server.Get(R"(/(?:index\.html)?)", [&html](const httplib::Request&, httplib::Response& answer) {
        answer.set_header("Cache-Control", "no-store");
        answer.set_content(html, "text/html; charset=utf-8");
    });
    // The library's own choice (SO_REUSEPORT) would share the port with another program of this user and never say that it is taken.
    server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    if (!server.bind_to_port("127.0.0.1", port)) fail(std::format("port {} is taken", port), "choose another: --serve 8123");
    std::println("the diary page is at http://localhost:{}/ until Ctrl-C", port);
    std::fflush(stdout);
    server.listen_after_bind();
}

void write_page(const Options& options) {
    const std::string html = page();
    if (!options.out.empty()) {
        std::error_code failure;
        fs::create_directories(options.out, failure);
        std::ofstream file(options.out + "/index.html", std::ios::binary);
        file << html;
        if (failure || !file.flush()) fail("the page cannot be written to " + options.out, "name another folder: --out DIR");
        std::println("{}/index.html: put it on a web server, or hand the file over; entries stay on the phone", options.out);
    }
    if (options.port > 0) serve(html, options.port);
    if (options.out.empty() && options.port == 0) fail("nothing to do", "give --out DIR, --serve PORT, or both");
    finish(0);
}

void import(const Options& options) {
    const auto file = need(between::read_diary_file(options.file, now_s()));
    const auto sha = records::to_hex(need(records::file_hash(options.file)));
    SignedIn signed_in = options.account.sign_in(records::Right::record_clinical);
    const auto done = need(between::import_diary(signed_in.study, signed_in.account, options.patient, file, sha));
    if (options.as_json) std::println("{}", json({{"entries", done.entries}, {"new", done.new_entries}, {"pseudonym", options.patient}}).dump());
    else std::println("{} entries in the file, {} new in the record of {}", done.entries, done.new_entries, options.patient);
    finish(0);
}

json json_of(const between::Proposal& each) {
    json value{{"proposal", each.id}, {"weekend", each.weekend}, {"first_hour", each.first_hour}, {"place", each.place}, {"entries", each.entries}, {"used", each.used}, {"mean_craving", each.mean_craving}};
    if (!each.scene.empty()) value.update({{"scene", each.scene}, {"level", each.level}});
    if (each.accepted) value.update({{"accepted", *each.accepted}, {"reason", each.reason}, {"by", each.decided_by}});
    return value;
}

std::string words_of(const between::Proposal& each, bool french) {
    between::HardBlock block{.weekend = each.weekend, .first_hour = each.first_hour};
    const auto* place = between::find_code(between::places(), each.place);
    std::string text = std::format("{}  {} ({})", each.id, between::hours_words(block, french ? "fr" : "en"), place ? place->words.in(french ? "fr" : "en") : each.place);
    if (each.scene.empty()) text += french ? "\u202F: aucune scène, un souhait est noté" : ": no scene stands for it, a wish was made";
    else text += std::format("{} {}, {} {}", french ? "\u202F:" : ":", each.scene, french ? "niveau" : "level", each.level);
    if (each.accepted) text += std::format("; {} ({}): {}", *each.accepted ? (french ? "accepté" : "accepted") : (french ? "refusé" : "declined"), each.decided_by, each.reason);
    return text;
}

void print_week(const between::Week& week, bool french) {
    constexpr std::array<const char*, 7> en{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, fr{"lun", "mar", "mer", "jeu", "ven", "sam", "dim"};
    std::print("\n{:<4}", "");
    for (int block = 0; block < between::kBlocks; ++block) std::print("{:>7}", std::format("{}-{}", block * between::kBlockHours, (block + 1) * between::kBlockHours));
    std::println("");
    for (std::size_t day = 0; day < week.size(); ++day) {
        std::print("{:<4}", french ? fr[day] : en[day]);
        for (const auto& block : week[day]) std::print("{:>7}", block.entries == 0 ? std::string(".") : std::format("{:.0f}{}({})", block.mean_craving(), block.used > 0 ? "*" : "", block.entries));
        std::println("");
    }
    std::println("{}", french ? "envie moyenne, * consommation, (nombre de notes)" : "mean craving, * use, (number of entries)");
}

void show(const Options& options) {
    const SignedIn signed_in = options.account.sign_in(records::Right::read_clinical);
    if (auto known = between::know_patient(signed_in.study, options.patient); !known) fail(known.error());
    const auto diary = need(between::read_diary(signed_in.study, options.patient));
    const auto proposals = need(between::read_proposals(signed_in.study, options.patient));
    const auto hard = between::hard_blocks(diary);
    const std::string language = options.language.empty() ? signed_in.study.info().language : options.language;
    const bool french = language.starts_with("fr");
    if (options.as_json) {
        json blocks = json::array(), steps = json::array();
        for (const auto& each : hard)
            blocks.push_back({{"weekend", each.weekend}, {"first_hour", each.first_hour}, {"entries", each.block.entries}, {"used", each.block.used}, {"mean_craving", each.block.mean_craving()}, {"place", each.place}, {"trigger", each.trigger}});
        for (const auto& each : proposals) steps.push_back(json_of(each));
        std::println("{}", json({{"pseudonym", options.patient}, {"entries", diary.size()}, {"hard", blocks}, {"proposals", steps}}).dump(2));
        finish(0);
    }
    std::println("{} {} {}", options.patient, diary.size(), french ? "notes" : "entries");
    print_week(between::week_of(diary), french);
    std::println("\n{}", french ? "Heures difficiles (au moins 3 notes\u202F; envie moyenne de 6 ou plus, ou consommation dans la moitié\u202F; week-end\u202F: vendredi 18 h à dimanche 18 h)\u202F:" : "Hard hours (at least 3 entries; mean craving of 6 or more, or use in half of them; week-ends: Friday 18:00 to Sunday 18:00):");
    if (hard.empty()) std::println("  {}", french ? "aucune" : "none");
    for (const auto& each : hard)
        std::println("  {}", french ? std::format("{}\u202F: envie {:.1f}, consommé {} sur {}", between::hours_words(each, language), each.block.mean_craving(), each.block.used, each.block.entries)
                                    : std::format("{}: craving {:.1f}, used {} of {}", between::hours_words(each, language), each.block.mean_craving(), each.block.used, each.block.entries));
    if (!proposals.empty()) std::println("\n{}", french ? "Paliers proposés\u202F:" : "Proposed steps:");
    for (const auto& each : proposals) std::println("  {}", words_of(each, french));
    finish(0);
}

void propose(const Options& options) {
    const auto shipped = need(scenes::list_scenes(need(scenes::find_data_root())));
    SignedIn signed_in = options.account.sign_in(records::Right::record_clinical);
    const auto fresh = need(between::propose_steps(signed_in.study, signed_in.account, options.patient, shipped));
    const bool french = (options.language.empty() ? signed_in.study.info().language : options.language).starts_with("fr");
    if (options.as_json) {
        json answer = json::array();
        for (const auto& each : fresh) answer.push_back(json_of(each));
        std::println("{}", answer.dump(2));
    } else if (fresh.empty()) {
        std::println("{}", french ? "rien de nouveau à proposer" : "nothing new to propose");
    } else {
        for (const auto& each : fresh) std::println("{}", words_of(each, french));
    }
    finish(0);
}

void decide(const Options& options) {
    if (options.accept == options.decline) fail("say one of --accept and --decline", "for example --accept --reason 'agreed with the patient'");
    SignedIn signed_in = options.account.sign_in(records::Right::record_clinical);
    const auto decided = need(between::decide(signed_in.study, signed_in.account, options.proposal, options.accept, options.reason));
    if (options.as_json) std::println("{}", json_of(decided).dump());
    else std::println("{}", words_of(decided, signed_in.study.info().language.starts_with("fr")));
    finish(0);
}

void simulate(const Options& options) {
    const std::string last = options.last_day.empty() ? std::format("{:%F}", std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) - std::chrono::days(1)) : options.last_day;
    if (!between::local_time(last + "T00:00Z")) fail("--last-day " + last + " is no day", "for example 2026-11-22");
    const auto diary = between::simulate_diary(options.seed, options.days, last);
    std::ofstream file(options.out, std::ios::binary);
    file << between::write_diary(diary.device, diary.entries);
    if (!file.flush()) fail(options.out + " cannot be written", "name another file: --out FILE");
    std::println("wrote {}: {} entries of a simulated patient, {} days until {}", options.out, diary.entries.size(), options.days, last);
    finish(0);
}

CLI::App& add_one(CLI::App& diary, const std::string& name, const std::string& what, const std::shared_ptr<Options>& options, bool patient, const std::string& example) {
    CLI::App& command = *diary.add_subcommand(name, what);
    options->account.add(command);
    if (patient) command.add_option("--patient", options->patient, "Pseudonym")->required()->type_name("P");
    command.add_flag("--json", options->as_json, "Answer in JSON");
    command.footer("Example: accalmie diary " + example + " --study ./crave --key-file site.key --account a.martin");
    return command;
}

}  // namespace

void add_diary(CLI::App& app) {
    CLI::App& diary = *app.add_subcommand("diary", "Between sessions: the patient's diary page, its import, hard hours and what they propose");
    diary.require_subcommand(1);
    diary.footer("Example: accalmie diary page --out ./page --serve 8123");
    const auto options = std::make_shared<Options>();

    CLI::App& page = *diary.add_subcommand("page", "Write the diary page for the phone, and show it on this machine");
    page.add_option("--out", options->out, "Folder for index.html")->type_name("DIR");
    page.add_option("--serve", options->port, "Show it at http://localhost:PORT, to this machine only, until Ctrl-C")->check(CLI::Range(1024, 65535))->type_name("PORT");
    page.footer("Example: accalmie diary page --out ./page --serve 8123");
    page.callback([options] { write_page(*options); });

    CLI::App& bring = add_one(diary, "import", "Take a handed-over diary into the record (JSON Lines or CSV)", options, true, "import diary.jsonl --patient P-7Q4K");
    bring.add_option("file", options->file, "The file that the patient handed over")->required()->type_name("FILE");
    bring.callback([options] { import(*options); });

    CLI::App& look = add_one(diary, "show", "The week, its hard hours, and the steps they propose", options, true, "show --patient P-7Q4K");
    look.add_option("--language", options->language, "The study's own without it")->check(CLI::IsMember({"fr", "en"}))->type_name("fr|en");
    look.callback([options] { show(*options); });

    CLI::App& ask = add_one(diary, "propose", "Propose a step of the exposure ladder for each hard block of hours", options, true, "propose --patient P-7Q4K");
    ask.add_option("--language", options->language, "The study's own without it")->check(CLI::IsMember({"fr", "en"}))->type_name("fr|en");
    ask.callback([options] { propose(*options); });

    CLI::App& answer = add_one(diary, "decide", "Accept or decline a proposed step", options, false, "decide L0001 --accept --reason 'agreed with the patient'");
    answer.add_option("proposal", options->proposal, "Its id, such as L0001")->required()->type_name("ID");
    answer.add_flag("--accept", options->accept, "It is agreed; the record says so");
    answer.add_flag("--decline", options->decline, "It is not taken up");
    answer.add_option("--reason", options->reason, "Why; stands in the record")->required()->type_name("TEXT");
    answer.callback([options] { decide(*options); });

    CLI::App& make = *diary.add_subcommand("simulate", "Write the diary of a simulated patient, for rehearsal and teaching");
    make.add_option("--out", options->out, "The file")->required()->type_name("FILE");
    make.add_option("--seed", options->seed, "Seed")->capture_default_str();
    make.add_option("--days", options->days, "Days")->check(CLI::Range(1, 3650))->capture_default_str();
    make.add_option("--last-day", options->last_day, "The day it ends with (yesterday)")->type_name("YYYY-MM-DD");
    make.footer("Example: accalmie diary simulate --out diary.jsonl --seed 7 --days 28");
    make.callback([options] { simulate(*options); });
}

}  // namespace accalmie::commands
