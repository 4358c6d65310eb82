// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/import.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "clinician/between/csv_table.h"
#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

// Codes for handles, under a key that lives as long as this object.
class Codes {
public:
    Codes() { crypto_generichash_keygen(key_.data()); }
    ~Codes() { sodium_memzero(key_.data(), key_.size()); }
    Codes(const Codes&) = delete;
    Codes& operator=(const Codes&) = delete;

    std::string of(const std::string& forum, const std::string& handle) const {
        const std::string text = forum + '\0' + handle;
        std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
        crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key_.data(), key_.size());
        return "A" + records::to_hex(std::span(hash).first(6));
    }

private:
    std::array<unsigned char, crypto_generichash_KEYBYTES> key_{};
};

bool in_handle(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

// Bytes of a sign that is in no handle (0: a handle goes on here): ASCII's, and the typographic apostrophes, dashes, spaces and quotation marks.
std::size_t sign_bytes(std::string_view text) {
    if (text.starts_with("\xE2\x80")) return std::min<std::size_t>(3, text.size());
    if (text.starts_with("\xC2\xA0") || text.starts_with("\xC2\xAB") || text.starts_with("\xC2\xBB")) return 2;
    return in_handle(text.front()) ? 0 : 1;
}

// Which code an author's handle has when a title names it: by the handle without case and accents.
using Named = std::unordered_map<std::string, std::string>;
constexpr std::size_t kShortestNamed = 3;  // shorter ones are words like any other

bool replace_names(std::string& title, const Named& named) {
    std::string out;
    bool changed = false;
    for (std::size_t at = 0; at < title.size();) {
        if (const std::size_t sign = sign_bytes(std::string_view(title).substr(at)); sign > 0) {
            out.append(title, at, sign);
            at += sign;
            continue;
        }
        std::size_t end = at;
        while (end < title.size() && sign_bytes(std::string_view(title).substr(end)) == 0) ++end;
        std::string_view word = std::string_view(title).substr(at, end - at);
        auto found = named.find(folded(word));
        while (found == named.end() && !word.empty() && (word.back() == '.' || word.back() == '-')) {  // the sentence ends here
            word.remove_suffix(1);
            found = named.find(folded(word));
        }
        if (found != named.end()) {
            out += found->second;
            changed = true;
        } else {
            word = std::string_view(title).substr(at, end - at);
            out += word;
        }
        at += word.size();
    }
    title = std::move(out);
    return changed;
}

// Gives every thread its author's code; none: two handles met in one code, and another key has to be drawn.
std::optional<std::size_t> code_authors(std::vector<CollectedThread>& threads, Named& named) {
    const Codes codes;
    std::unordered_map<std::string, std::string> owners;  // code -> forum and handle
    for (CollectedThread& each : threads) {
        each.thread.author = codes.of(each.thread.forum, each.handle);
        const auto [owner, fresh] = owners.try_emplace(each.thread.author, each.thread.forum + '\0' + each.handle);
        if (!fresh && owner->second != each.thread.forum + '\0' + each.handle) return std::nullopt;
        if (std::string plain = folded(each.handle); plain.size() >= kShortestNamed) named.try_emplace(std::move(plain), each.thread.author);
    }
    return owners.size();
}

std::string sha_of(const std::string& bytes) {
    records::Hash hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
    return records::to_hex(hash);
}

Result<std::string> free_id(const std::vector<Corpus>& corpora, const std::string& wanted, const std::string& sha) {
    for (const Corpus& each : corpora)
        if (each.sha == sha) return std::unexpected(Error{std::format("this file was imported before, as {} by {}", each.id, each.by), "nothing was recorded; accalmie corpus table shows it"});
    const auto taken = [&](const std::string& id) { return std::ranges::contains(corpora, id, &Corpus::id); };
    if (wanted.empty()) {
        std::size_t number = corpora.size() + 1;
        while (taken(std::format("C{:03}", number))) ++number;
        return std::format("C{:03}", number);
    }
    const bool fine = wanted.size() <= 32 && std::ranges::all_of(wanted, [](char c) { return in_handle(c) && c != '.' && static_cast<unsigned char>(c) < 0x80; });
    if (!fine) return std::unexpected(Error{"the name of a corpus is 1 to 32 of A-Z, a-z, 0-9, - and _", "for example forums-2020"});
    if (taken(wanted)) return std::unexpected(Error{std::format("there is a corpus {} already", wanted), "choose another name"});
    return wanted;
}

std::string payload_of(const std::string& corpus, const Thread& thread) {
    return json{{"author", thread.author}, {"corpus", corpus}, {"counted", thread.counted}, {"date", thread.date}, {"forum", thread.forum}, {"product", thread.product},
                {"status", name_of(thread.status)}, {"theme", thread.theme}, {"thread", thread.id}, {"title", thread.title}, {"views", thread.views}}.dump();
}

}  // namespace

Result<ImportedCorpus> import_corpus(records::Study& study, const records::Account& account, const std::string& path, const std::string& id) {
    if (auto allowed = records::require(account, records::Right::study_corpus); !allowed) return std::unexpected(std::move(allowed.error()));
    const ThreadLimits limits;
    auto bytes = read_text_file(path, limits.bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    auto threads = parse_threads(*bytes, path, limits);
    if (!threads) return std::unexpected(std::move(threads.error()));
    ImportedCorpus imported{.sha = sha_of(*bytes), .threads = threads->size()};
    auto corpora = read_corpora(study);
    if (!corpora) return std::unexpected(std::move(corpora.error()));
    auto chosen = free_id(*corpora, id, imported.sha);
    if (!chosen) return std::unexpected(std::move(chosen.error()));
    imported.id = *std::move(chosen);

    Named named;
    std::optional<std::size_t> authors;
    for (int attempt = 0; attempt < 10 && !authors; ++attempt) {
        named.clear();
        authors = code_authors(*threads, named);
    }
    if (!authors) return std::unexpected(Error{"no set of codes tells all authors apart", "split the file", path});
    imported.authors = *authors;

    std::vector<records::NewRow> rows;
    rows.reserve(threads->size() + 1);
    rows.push_back(records::row_by(account, "corpus.imported", json{{"corpus", imported.id}, {"rows", threads->size()}, {"sha", imported.sha}}.dump()));
    for (std::size_t i = 0; i < threads->size(); ++i) {
        Thread& thread = (*threads)[i].thread;
        thread.id = std::format("T{:04}", i + 1);
        imported.titles_changed += replace_names(thread.title, named);
        rows.push_back(records::row_by(account, "corpus.thread", payload_of(imported.id, thread)));
    }
    if (auto written = study.ledger().append(rows); !written) return std::unexpected(std::move(written.error()));
    return imported;
}

}  // namespace accalmie::between
