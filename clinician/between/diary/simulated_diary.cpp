// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/simulated_diary.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>

namespace accalmie::between {
namespace {

// splitmix64 (Steele, Lea, Flood 2014): the same everywhere, which the standard's distributions are not.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    int below(int most) { return static_cast<int>(next() % static_cast<std::uint64_t>(most)); }
    bool chance(int percent) { return below(100) < percent; }
    std::string uuid() {
        const std::uint64_t a = next(), b = next();
        return std::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFF, (b >> 48) & 0xFFF, b & 0xFFFFFFFFFFFFull);
    }

private:
    std::uint64_t state_;
};

struct Hour {
    int from, to;             // an entry's hour lies in [from, to)
    int weekday_percent;      // how often one is made
    int weekend_percent;
};
constexpr std::array<Hour, 4> kHours{{{8, 10, 55, 40}, {12, 15, 45, 45}, {18, 21, 65, 55}, {21, 24, 35, 95}}};

}  // namespace

SimulatedDiary simulate_diary(std::uint64_t seed, int days, const std::string& last_day) {
    Draws draws(seed * 2 + 1);
    SimulatedDiary diary{.device = draws.uuid(), .entries = {}};
    const auto last = local_time(last_day + "T00:00Z");
    if (!last) return diary;
    for (int back = days - 1; back >= 0; --back) {
        const std::chrono::sys_days day{std::chrono::days(last->utc_s / 86'400 - back)};
        const unsigned weekday = std::chrono::weekday(day).iso_encoding();
        const bool night_out = weekday == 5 || weekday == 6, weekend = weekday >= 6;
        for (const Hour& hour : kHours) {
            const bool late = hour.from >= 21;
            if (!draws.chance(weekend || (late && night_out) ? hour.weekend_percent : hour.weekday_percent)) continue;
            const bool bar = late && night_out && draws.chance(90);
            DiaryEntry entry{.id = draws.uuid()};
            entry.at = std::format("{:%F}T{:02}:{:02}+01:00", day, hour.from + draws.below(hour.to - hour.from), draws.below(60));
            entry.craving = std::clamp((bar ? 7 : late ? 4 : hour.from >= 18 ? 3 : 1) + draws.below(4), 0, kMostCraving);
            entry.used = draws.chance(bar ? 55 : entry.craving >= 6 ? 30 : 5);
            entry.mood = std::clamp(4 - entry.craving / 4 + draws.below(2), kLowestMood, kHighestMood);
            entry.place = bar ? "bar" : late || hour.from >= 18 ? (draws.chance(70) ? "home" : "friends") : (draws.chance(60) ? "work" : "street");
            entry.trigger = bar ? (draws.chance(60) ? "people" : "place") : triggers()[static_cast<std::size_t>(draws.below(static_cast<int>(triggers().size())))].code;
            diary.entries.push_back(std::move(entry));
        }
    }
    return diary;
}

}  // namespace accalmie::between
