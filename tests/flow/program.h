// SPDX-License-Identifier: Apache-2.0
// The programs of this build as a user starts them, for whole-session tests.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace flow {

// A folder that goes with the test.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

struct Finished {
    int exit_code = -1;   // 128 + signal when killed
    std::string output;   // stdout
    std::string errors;   // stderr
};

// A program that runs beside the test. Its output is read as it comes.
class Program {
public:
    Program(const std::string& name, std::vector<std::string> arguments, std::vector<std::string> environment = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number);
    // Reads what is there until `text` was seen, the program ended or the time is over; true when seen.
    bool wait_for(const std::string& text, std::chrono::milliseconds limit);
    Finished finish(std::chrono::seconds limit);  // kills it when the limit passes
    const std::string& output_so_far() const { return output_; }

private:
    bool read_some(std::chrono::milliseconds wait);
    pid_t pid_ = -1;
    int out_ = -1, err_ = -1;
    std::string output_, errors_;
};

Finished run(const std::string& name, std::vector<std::string> arguments, std::chrono::seconds limit = std::chrono::seconds(120));

// The children of a process, by name (from /proc).
std::optional<pid_t> child_named(pid_t parent, const std::string& name);

// A study with a key and one patient, made by the product's own commands.
struct StudyFolder {
    Folder folder;
    std::string study, key;
    static constexpr const char* kPseudonym = "P-TEST";
    static constexpr const char* kPassphrase = "quatre mots pour l'essai";
    StudyFolder();
    // Adds accounts on first use, and gives the options of a command that ACCOUNT runs: "chief" (administrator), "a.martin" (clinician),
    // "assessor", "data" (data manager), "nurse" (operator).
    std::vector<std::string> as(const std::string& account, std::vector<std::string> command) const;
    std::vector<std::string> rehearse(const std::string& protocol, std::uint64_t seed) const;  // arguments, small and fast
};

}  // namespace flow
