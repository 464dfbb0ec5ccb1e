#include "cli/init/init.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <ostream>
#include <system_error>

#include "cli/command_line.h"
#include "cli/init/key_file.h"
#include "cli/init/situation.h"
#include "cli/init/work.h"
#include "nginx/rules.h"
#include "user/demand.h"

namespace gatehouse::cli::init {
namespace {

int failed(const Error& error, std::ostream& err) {
  err << error.what << '\n';
  return error.kind == Error::Kind::invalid ? kUsageError : kProblems;
}

void show(const std::vector<Step>& steps, const Situation& situation, Console& console) {
  std::string text = "To do:\n";
  for (const Step& step : steps) text += "- " + step.what + (step.what.ends_with('\n') ? "" : "\n");
  if (situation.site && !situation.site->is_empty()) {
    text +=
        "- put the lines for Gatehouse into the site of nginx, and take them out again unless "
        "a stranger is refused:\n" +
        shown_text(situation.site->difference());
  }
  console.say(text);
}

/// True if the administrator agrees, or has agreed by `--yes`.
Result<bool> agreed(const Options& options, Console& console) {
  if (options.yes) return true;
  if (!console.can_ask()) {
    return fail(Error::Kind::refused,
                "Nothing was changed, since there is no terminal to ask at: --yes does it, and "
                "--dry-run only shows it");
  }
  return console.confirm("Do all this?");
}

Result<void> do_steps(const std::vector<Step>& steps, Console& console) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto done = Interruption::came() ? Result<void>(fail(Error::Kind::unavailable, "interrupted"))
                                     : steps[i].run();
    if (done) continue;
    const std::string_view what = std::string_view(steps[i].what);
    return fail(Error::Kind::failed,
                fmt::format("{}\nThis step is not done: {}\n{} of {} steps are done and stay. Run "
                            "this again: it goes on from there.",
                            done.error().what, what.substr(0, what.find('\n')), i, steps.size()));
  }
  if (!steps.empty()) console.say("Done.\n");
  return {};
}

/// Runs `gatehouse check` as the service's user, who meets what the service will meet. An account
/// with a password is checked as root, who may read the password's file.
Result<void> check(const Situation& situation, Programs& programs, Console& console) {
  if (!situation.database) return {};
  std::optional<Identity> as;
  if (situation.database->login_by == LoginBy::socket) as = find_identity(situation.database->user);
  const auto checked =
      programs.run({"/proc/self/exe", "check", "--config", situation.configured.file.string()}, as);
  if (!checked) return tl::unexpected(checked.error());
  const bool fine = checked->code == kOk;
  // Where all is well, the notes tell a user other than root what root alone could see, and root
  // runs this.
  console.say(shown_text(fine && as ? checked->out : checked->out + checked->err));
  if (fine) return {};
  return fail(Error::Kind::failed,
              "gatehouse check finds problems (above): mend them, and run this again");
}

/// What check-nginx has against the sites that were changed.
Result<void> inspect(Programs& programs, Console& console) {
  const auto host = NginxHost::read(programs);
  if (!host) return tl::unexpected(host.error());
  if (!*host) return {};
  bool is_open = false;
  const auto findings = nginx::inspect((*host)->site(), [](std::string_view demand) {
    return user::Demand::parse(demand).has_value();
  });
  for (const auto& finding : findings) {
    if (finding.weight != nginx::Finding::Weight::open) continue;
    is_open = true;
    console.say(shown_text(fmt::format("{}: {}: {}\n    {}\n", nginx::to_string(finding.place),
                                       finding.rule, finding.what, finding.mend)));
  }
  if (!is_open) return {};
  return fail(Error::Kind::failed,
              "The page itself is closed, and the lines stay. But something can be reached another "
              "way (above): mend that, and look again with gatehouse check-nginx");
}

std::string start_command(const Instance& instance) {
  return fmt::format("systemctl enable --now {} {}", instance.socket_unit(),
                     instance.service_unit());
}

void say_lines(const Situation& situation, Console& console) {
  const std::string site =
      situation.instance.is_first() ? "" : " --site " + situation.instance.site();
  std::string text = fmt::format(
      "Next:\n    {}\nThen these lines go into the server of the site in nginx, the first above "
      "every set and rewrite:\n{}and: nginx -t && systemctl reload nginx\n"
      "Or let init add them, try them out, and take them out again unless a stranger is refused:\n"
      "    gatehouse init{} --nginx SITE --protect /members/\n",
      start_command(situation.instance), lines_by_hand({"gatehouse/mount.conf", ""}), site);
  if (situation.nginx) {
    for (const auto* server : content_servers(situation.nginx->site())) {
      text += fmt::format("    a SITE of this host: {}\n", server_text(*server));
    }
  }
  console.say(text);
}

void say_users(const Situation& situation, Console& console) {
  if (!situation.database || !situation.database->own_users) return;
  const std::string config =
      situation.instance.is_first()
          ? ""
          : fmt::format(" --config {}", shown(situation.configured.file.string()));
  console.say(fmt::format("A user is added by: gatehouse user add NAME{}\n", config));
}

Result<void> finish(const Situation& situation, Programs& programs, Console& console) {
  if (auto fine = check(situation, programs, console); !fine) return fine;
  say_users(situation, console);
  if (!situation.site) {
    say_lines(situation, console);
    return {};
  }
  const SiteChange& site = *situation.site;
  auto closed = site.is_empty() ? site.ask(console) : site.apply(programs, console);
  if (!closed) return closed;
  console.say(fmt::format("Who has an account logs in at {}\n", site.login_page()));
  return inspect(programs, console);
}

Result<void> do_all(const Options& options, Console& console, Programs& programs) {
  const auto situation = look_around(options, console, programs);
  if (!situation) return tl::unexpected(situation.error());
  const auto steps = steps_of(*situation, programs);
  if (!steps) return tl::unexpected(steps.error());
  const bool changes_site = situation->site && !situation->site->is_empty();
  const bool in_place = steps->empty() && !changes_site;
  if (in_place) {
    console.say("Nothing to do: everything is in place.\n");
  } else {
    show(*steps, *situation, console);
  }
  if (options.dry_run) {
    if (!situation->site) say_lines(*situation, console);
    console.say("Nothing was changed (--dry-run).\n");
    return {};
  }
  if (!in_place) {
    const auto yes = agreed(options, console);
    if (!yes) return tl::unexpected(yes.error());
    if (!*yes) return fail(Error::Kind::refused, "Nothing was changed.");
  }
  if (auto done = do_steps(*steps, console); !done) return done;
  return finish(*situation, programs, console);
}

}  // namespace

int run(const Options& options, Console& console, Programs& programs, std::ostream& err) {
  const Interruption interruption;
  const auto done = do_all(options, console, programs);
  if (done) return kOk;
  if (done.error().what == "interrupted") {
    err << "\nInterrupted; nothing was changed.\n";
    return kProblems;
  }
  return failed(done.error(), err);
}

int init_host(const Options& options, std::ostream& out, std::ostream& err) {
  TerminalConsole console(out);
  SystemPrograms programs;
  std::error_code error;
  const auto named = options.config_file.empty()
                         ? std::filesystem::path("/etc/gatehouse/gatehouse.toml")
                         : options.config_file;
  // Earlier versions made the key file alone, and what calls them so goes on to work.
  const bool as_before = options.bare() && std::filesystem::exists(named, error) &&
                         (!options.config_file.empty() || !console.can_ask());
  if (options.key_only || as_before) return init_key(named, out);
  if (::geteuid() != 0) {
    err << "gatehouse init makes an account and files in /etc: run it as root (sudo gatehouse "
           "init). Alone the key file: --key\n";
    return kProblems;
  }
  // The service reads the folders that are made; what is secret has a mode of its own.
  ::umask(S_IWGRP | S_IWOTH);
  return run(options, console, programs, err);
}

}  // namespace gatehouse::cli::init
