#include "cli/key/verbs.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/confirm.h"
#include "cli/init/files.h"
#include "cli/init/instance.h"
#include "cli/key/accepted.h"
#include "cli/key/key_file.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "config/load.h"
#include "config/quantity.h"
#include "http/json.h"

namespace gatehouse::cli::key {
namespace {

constexpr mode_t kKeyMode = 0640;

Result<KeyFile> read(const std::filesystem::path& file) {
  return config::read_secret_file(file).and_then(&KeyFile::parse).map_error([&](Error error) {
    if (!error.what.starts_with(file.string())) {
      error.what = fmt::format("{}: {}", file.string(), error.what);
    }
    return error;
  });
}

/// Changes the key file. `change` says what it has done and what comes next.
int change(const std::filesystem::path& config_file, const Output& output,
           const std::function<Result<std::string>(KeyFile&, const config::Settings&)>& change) {
  const auto settings = settings_for_administrator(config_file, output.err);
  if (!settings) return kProblems;
  const std::filesystem::path& path = settings->session.key_file;
  const auto lock = init::lock_folder_of(path);
  if (!lock) return fail_with(lock.error(), output.err);
  auto file = read(path);
  if (!file) return fail_with(file.error(), output.err);
  const auto before = file->marks();
  const auto done = change(*file, *settings);
  if (!done) return fail_with(done.error(), output.err);
  if (const auto written = init::replace_file(path, file->text().view(), kKeyMode); !written) {
    return fail_with(written.error(), output.err);
  }
  if (file->marks() != before) {
    audit({.kind = log::EventKind::keys_changed,
           .message =
               fmt::format("{}: {}", path.string(), done->substr(0, done->find_first_of("\n:")))});
  }
  output.out << path.string() << ": " << *done << '\n';
  return kOk;
}

/// How the service of this configuration is reloaded.
std::string reload_of(const std::filesystem::path& config_file) {
  return "systemctl reload " + init::Instance::of(config_file).service_unit();
}

/// A line to type next, for the same configuration.
std::string verb_line(std::string_view verb, std::string_view mark,
                      const std::filesystem::path& config_file) {
  const bool usual = config_file == init::Instance::named("")->config_file();
  return fmt::format(
      "gatehouse key {}{}{}", verb, usual ? "" : fmt::format(" --config {}", config_file.string()),
      mark.empty() ? "" : fmt::format(" {}{}", mark.front() == '-' ? "-- " : "", mark));
}

void warn_of_unknown(const Error& why, const std::string& mark, std::ostream& err) {
  err << "note: MySQL cannot be asked whether the running hosts accept the key " << mark << ": "
      << why.what
      << "\n    Look after the next reload whether `systemctl status` of each host says "
         "\"Serving\" alone: a host that does\n    not know the key stays by its old ones, and "
         "does not serve after a restart\n";
}

/// An error unless the administrator says yes.
Result<void> ask_first(const std::string& mark, const config::Session& settings) {
  const auto agreed = confirm(fmt::format(
      "Remove the key {}? The sessions that it has signed are refused from the next reload on.\n"
      "If it signed less than {} ago, some may still be in use. [y/N] ",
      mark,
      config::duration_text(std::max(settings.absolute_lifetime, settings.remember_lifetime))));
  if (!agreed) {
    return fail(agreed.error().kind,
                agreed.error().what + ": say with --yes that the key is to be removed");
  }
  if (!*agreed) return fail(Error::Kind::invalid, "nothing is removed");
  return {};
}

/// The use of a key that does not sign.
std::string use_of(std::optional<bool> accepted) {
  if (!accepted) return "in the file";
  return *accepted ? "accepted by the running hosts" : "not accepted yet: reload every host";
}

/// The day from which on a key is not needed any more that signs no more from today.
std::string day_to_remove(const config::Session& settings) {
  const auto day = std::chrono::system_clock::now() +
                   std::max(settings.absolute_lifetime, settings.remember_lifetime);
  return fmt::format("{:%Y-%m-%d}", fmt::localtime(std::chrono::system_clock::to_time_t(day)));
}

std::string as_json(const std::vector<std::string>& marks) {
  http::JsonWriter json;
  json.begin_object().key("keys").begin_array();
  for (const auto& mark : marks) {
    json.begin_object().key("mark").text(mark).key("signs").boolean(&mark == &marks.front());
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace

int list_keys(const std::filesystem::path& config_file, bool json, const Output& output) {
  const auto settings = settings_for_administrator(config_file, output.err);
  if (!settings) return kProblems;
  const auto file = read(settings->session.key_file);
  if (!file) return fail_with(file.error(), output.err);
  if (json) {
    output.out << as_json(file->marks()) << '\n';
    return kOk;
  }
  Table table({{.heading = "mark"}, {.heading = "use"}});
  for (const auto& mark : file->marks()) {
    table.add({mark, &mark == &file->marks().front()
                         ? "signs"
                         : use_of(is_accepted_by_hosts(*settings, mark))});
  }
  table.print(output.terminal, output.out);
  return kOk;
}

int add_key(const std::filesystem::path& config_file, const Output& output) {
  return change(config_file, output, [&](KeyFile& file, const config::Settings& /*settings*/) {
    return file.add().map([&] {
      return fmt::format(
          "added the key {0}, behind the others\n"
          "Next: copy the file to every other host, and `{1}` on each. When\n"
          "all accept the new key: {2}",
          file.marks().back(), reload_of(config_file),
          verb_line("promote", file.marks().back(), config_file));
    });
  });
}

int promote_key(const std::filesystem::path& config_file, const std::string& mark,
                const Output& output) {
  return change(config_file, output,
                [&](KeyFile& file, const config::Settings& settings) -> Result<std::string> {
                  const auto place = file.find(mark);
                  if (!place) return tl::unexpected(place.error());
                  const std::string whole = file.marks().at(*place);
                  if (*place == 0) return fmt::format("the key {} signs already", whole);
                  const std::string reload = reload_of(config_file);
                  const auto accepted = accepted_by_hosts(settings, whole, reload);
                  if (!accepted && accepted.error().kind == Error::Kind::refused) {
                    return tl::unexpected(accepted.error());
                  }
                  if (!accepted) warn_of_unknown(accepted.error(), whole, output.err);
                  const std::string before = file.marks().front();
                  return file.promote(*place).map([&] {
                    return fmt::format(
                        "the key {} signs from the next reload on\n"
                        "Next: copy the file to every other host, and `{}` on each. Sessions\n"
                        "of the key before end when it is removed: not before {}, when the last of "
                        "them has\n"
                        "expired (session.absolute_lifetime, session.remember_lifetime), then: {}",
                        whole, reload, day_to_remove(settings.session),
                        verb_line("remove", before, config_file));
                  });
                });
}

int remove_key(const std::filesystem::path& config_file, const std::string& mark, bool sure,
               const Output& output) {
  return change(
      config_file, output,
      [&](KeyFile& file, const config::Settings& settings) -> Result<std::string> {
        const auto place = file.find(mark);
        if (!place) return tl::unexpected(place.error());
        const std::string whole = file.marks().at(*place);
        if (*place == 0) {
          return fail(
              Error::Kind::refused,
              fmt::format("the key {} signs, so it cannot be removed: promote another one first "
                          "({}, then {})",
                          whole, verb_line("add", "", config_file),
                          verb_line("promote", "MARK", config_file)));
        }
        if (!sure) {
          if (const auto asked = ask_first(whole, settings.session); !asked) {
            return tl::unexpected(asked.error());
          }
        }
        return file.remove(*place).map([&] {
          return fmt::format(
              "removed the key {}: from the next reload on its sessions are refused\n"
              "Next: copy the file to every other host, and `{}` on each",
              whole, reload_of(config_file));
        });
      });
}

}  // namespace gatehouse::cli::key
