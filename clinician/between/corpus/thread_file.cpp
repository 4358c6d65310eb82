// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/thread_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <map>
#include <tuple>

#include <nlohmann/json.hpp>

#include "clinician/between/corpus/json_objects.h"
#include "clinician/between/csv_table.h"
#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

enum Column : std::uint8_t { forum, title, date, views, counted, theme, product, status, author, columns };
struct Names {
    std::string_view english, french, other;
};
constexpr std::array<Names, columns> kNames{{{"forum", "forum", ""}, {"title", "titre", ""}, {"date", "date_edition", "edited"}, {"views", "vues", ""},
                                             {"counted", "comptees_le", "counted_on"}, {"theme", "thème", "thematique"}, {"product", "produit", ""},
                                             {"status", "statut", ""}, {"author", "auteur", "handle"}}};

using Cells = std::array<std::string, columns>;

// Which column a name of the file means, or `columns`.
Column column_of(std::string_view name) {
    const std::string plain = folded(name);
    for (std::size_t i = 0; i < columns; ++i)
        for (const std::string_view each : {kNames[i].english, kNames[i].french, kNames[i].other})
            if (!each.empty() && plain == folded(each)) return static_cast<Column>(i);
    return columns;
}

class Reader {
public:
    Reader(const std::string& file, const ThreadLimits& limits) : file_(file), limits_(limits) {}

    Result<std::vector<CollectedThread>> csv(std::string_view bytes) {
        auto table = parse_csv_table(bytes, file_, {limits_.bytes, limits_.threads, 200});
        if (!table) return std::unexpected(std::move(table.error()));
        std::array<std::size_t, columns> places;
        places.fill(table->header.size());
        for (std::size_t i = 0; i < table->header.size(); ++i)
            if (const Column column = column_of(table->header[i]); column != columns) {
                if (places[column] != table->header.size()) return wrong(1, std::format("two columns are the {}: '{}' and '{}'", kNames[column].english, table->header[places[column]], table->header[i]), "keep one");
                places[column] = i;
            }
        for (std::size_t i = 0; i < columns; ++i)
            if (places[i] == table->header.size() && i != product)
                return wrong(1, std::format("the column '{}' is missing", kNames[i].english), "columns: forum, title, date, views, counted, theme, product, status, author");
        for (const CsvRow& row : table->rows) {
            Cells cells;
            for (std::size_t i = 0; i < columns; ++i)
                if (places[i] < row.cells.size()) cells[i] = row.cells[places[i]];
            if (auto added = add(row.line, cells); !added) return std::unexpected(std::move(added.error()));
        }
        return finish();
    }

    Result<std::vector<CollectedThread>> objects(std::string_view bytes) {
        auto pieces = json_objects(bytes, file_, limits_.threads);
        if (!pieces) return std::unexpected(std::move(pieces.error()));
        for (const JsonPiece& piece : *pieces) {
            const json object = json::parse(piece.text, nullptr, false);
            if (!object.is_object()) return wrong(piece.line, "the object that begins here is not JSON", "check its quotation marks, commas and colons");
            Cells cells;
            for (const auto& [name, value] : object.items()) {
                const Column column = column_of(name);
                if (column == columns || value.is_null()) continue;
                if (!value.is_string() && !value.is_number_integer())
                    return wrong(piece.line, std::format("'{}' is neither a text nor a whole number", kNames[column].english), "write it as \"...\" or as digits");
                cells[column] = value.is_string() ? trimmed(value.get<std::string>()) : value.dump();
            }
            if (auto added = add(piece.line, cells); !added) return std::unexpected(std::move(added.error()));
        }
        return finish();
    }

private:
    std::unexpected<Error> wrong(int line, std::string message, std::string hint) const { return std::unexpected(Error{std::move(message), std::move(hint), file_, line}); }

    static std::string trimmed(const std::string& text) {
        const auto first = text.find_first_not_of(" \t");
        return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
    }

    Result<void> check_text(int line, Column column, const std::string& text) const {
        const std::size_t longest = column == title ? limits_.title : limits_.word;
        if (text.empty() && column != product) return wrong(line, std::format("the {} is empty", kNames[column].english), "every discussion needs one; only the product may be empty");
        if (text.size() > longest) return wrong(line, std::format("the {} is longer than {} bytes", kNames[column].english, longest), "shorten it; is a text of a discussion in its place?");
        if (!is_utf8(text) || std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
            return wrong(line, std::format("the {} holds a sign that is no text", kNames[column].english), "keep it on one line, in UTF-8");
        return {};
    }

    Result<AuthorStatus> status_of(int line, const std::string& text) const {
        const std::string plain = folded(text);
        if (plain == "new" || plain == "nouveau" || plain == "nouvelle") return AuthorStatus::new_;
        if (plain == "regular" || plain == "habitue" || plain == "habituee") return AuthorStatus::regular;
        if (plain == "confirmed" || plain == "confirme" || plain == "confirmee") return AuthorStatus::confirmed;
        return wrong(line, std::format("the status '{}' is not known", text), "new, regular or confirmed (nouveau, habitué, confirmé)");
    }

    Result<void> add(int line, const Cells& cells) {
        for (const Column column : {forum, title, date, views, counted, theme, product, status, author})
            if (auto fine = check_text(line, column, cells[column]); !fine) return fine;
        std::int64_t count = -1;
        const std::string& digits = cells[views];
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (problem != std::errc() || end != digits.data() + digits.size() || count < 0 || count > limits_.views)
            return wrong(line, std::format("the views '{}' are not a whole number", digits), "write digits alone, such as 1250");
        for (const Column column : {date, counted})
            if (!iso_week(cells[column])) return wrong(line, std::format("the {} '{}' is not a day", column == date ? "date" : "counting date", cells[column]), "write YEAR-MONTH-DAY, such as 2020-04-02");
        if (cells[counted] < cells[date])
            return wrong(line, std::format("the views were counted on {}, before the discussion began on {}", cells[counted], cells[date]), "check both dates");
        auto known = status_of(line, cells[status]);
        if (!known) return std::unexpected(std::move(known.error()));
        const auto [place, fresh] = seen_.try_emplace(std::tuple(cells[forum], cells[title], cells[date], cells[author]), line);
        if (!fresh) return wrong(line, std::format("this discussion stands in line {} already", place->second), "keep one of them, or both are counted");
        threads_.push_back({line, {.id = {}, .forum = cells[forum], .title = cells[title], .date = cells[date], .counted = cells[counted], .theme = cells[theme],
                                   .product = cells[product], .views = count, .status = *known, .author = {}}, cells[author]});
        return {};
    }

    Result<std::vector<CollectedThread>> finish() {
        if (threads_.empty()) return wrong(1, "there is no discussion in this file", "one a line below the header, or one object each");
        return std::move(threads_);
    }

    const std::string& file_;
    const ThreadLimits& limits_;
    std::vector<CollectedThread> threads_;
    std::map<std::tuple<std::string, std::string, std::string, std::string>, int> seen_;
};

}  // namespace

Result<std::vector<CollectedThread>> parse_threads(std::string_view bytes, const std::string& file, const ThreadLimits& limits) {
    if (bytes.size() > limits.bytes) return std::unexpected(Error{std::format("the file is larger than {} MiB", limits.bytes >> 20), "split it", file});
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const auto first = bytes.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string_view::npos && (bytes[first] == '[' || bytes[first] == '{');
    Reader reader(file, limits);
    return is_json ? reader.objects(bytes) : reader.csv(bytes);
}

}  // namespace accalmie::between
